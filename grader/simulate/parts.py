"""A program as its parts: the statements that bind names, as they were written, and what each of them needs.

All of it is work on texts: nothing that is read here is run.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__"}


@dataclass(frozen=True)
class Part:
    """A function, a class, an import of one name, or an assignment at the top of a program."""

    names: tuple[str, ...]
    text: str
    uses: frozenset[str] = frozenset()  # names, of which some are its own
    is_import: bool = False


#: By each name that is bound, the part that binds it, in the order of the program.
Parts = Mapping[str, Part]
#: What belongs to one function asked of the students: its helpers, then itself.
Piece = tuple[Part, ...]


@lru_cache(maxsize=4096)
def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a program; nothing of what is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    return tuple(part for node in tree.body for part in _parts(node, text))


def by_name(parts: Iterable[Part]) -> dict[str, Part]:
    """A later part takes the place of an earlier one of its name."""
    return {name: part for part in parts for name in part.names}


def piece(parts: Parts, function: str, asked: Iterable[str]) -> Piece | None:
    """`function` and the helpers that it needs, imports first; None if it needs what is not there.

    The other functions that are `asked` of students are no helpers.
    """
    others = set(asked) - {function}
    found = reached(parts, function, others)
    known = others.union(_BUILTINS, *(part.names for part in found))
    if function not in parts or any(_free(part) - known for part in found):
        return None
    places = {part: place for place, part in enumerate(dict.fromkeys(parts.values()))}
    return tuple(sorted(found, key=lambda part: (not part.is_import, _is_alias(part), places[part])))


def reached(parts: Parts, name: str, stops: Iterable[str] = ()) -> set[Part]:
    """The parts that `name` needs, directly or not; not those behind the names of `stops`."""
    found: set[Part] = set()
    left = [name]
    while left:
        part = parts.get(left.pop())
        if part is not None and part not in found:
            found.add(part)
            left += part.uses.difference(stops)
    return found


def merged(pieces: Iterable[Piece]) -> tuple[Part, ...] | None:
    """The parts of several pieces, each once; None if two of them give one name to different things."""
    found: dict[str, Part] = {}
    for part in (part for one in pieces for part in one):
        for name in part.names:
            if found.setdefault(name, part).text != part.text:
                return None
    return tuple(dict.fromkeys(found.values()))


def renamed(part: Part, old: str, new: str) -> Part:
    """A function under another name, without the docstring that says what is wrong with it."""
    [node] = ast.parse(part.text).body
    if not isinstance(node, ast.FunctionDef) or old in part.uses:
        return Part((new,), f"{new} = {old}", frozenset({old}))
    lines = part.text.split("\n")
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        first = node.body[0]
        del lines[first.lineno - 1 : first.end_lineno]
    text = re.sub(rf"\bdef {re.escape(old)}\b", f"def {new}", "\n".join(lines), count=1)
    return replace(part, names=(new,), text=text)


def header(text: str) -> str:
    """The lines of a function before its body: ``def f(x):``, on one line or several."""
    [node] = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    first = node.body[0].lineno
    if first == node.lineno:
        return f"def {node.name}(*args, **kwargs):"
    return "\n".join(text.split("\n")[: first - 1])


def arguments(text: str) -> tuple[tuple[str, ...], int] | None:
    """How a function is called: the names of its arguments and how many may be left out."""
    [node] = ast.parse(text).body
    if not isinstance(node, ast.FunctionDef):
        return None
    given = node.args
    named = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    return tuple(one.arg for one in named), len(given.defaults) + len(given.kw_defaults)


def _is_alias(part: Part) -> bool:
    """``a = b``: it comes after what it names."""
    return any(part.text == f"{part.names[0]} = {other}" for other in part.uses)


# ------------------------------------------------------------------ of a syntax tree
def _parts(node: ast.stmt, text: str) -> Iterator[Part]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from _imports(node)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        lines = text.split("\n")[first - 1 : node.end_lineno]
        yield Part((node.name,), "\n".join(lines), _used(node))
    elif isinstance(node, ast.Assign):
        yield from _assigned(node, text)
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        yield Part((node.target.id,), ast.get_source_segment(text, node) or "", _used(node))


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[Part]:
    """One part for each name; what changes how the rest is read, or binds nobody knows what, is left out."""
    module = f"{'.' * node.level}{node.module or ''}" if isinstance(node, ast.ImportFrom) else ""
    if module == "__future__":
        return
    for alias in node.names:
        if alias.name != "*":
            name = alias.asname or alias.name.split(".")[0]
            text = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            yield Part((name,), f"from {module} {text}" if module else text, is_import=True)


def _assigned(node: ast.Assign, text: str) -> Iterator[Part]:
    names = [one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)]
    if isinstance(node.value, ast.Name) and all(isinstance(target, ast.Name) for target in node.targets):
        for name in names:  # a = b = c
            yield Part((name,), f"{name} = {node.value.id}", frozenset({node.value.id}))
    elif names:
        yield Part(tuple(names), ast.get_source_segment(text, node) or "", _used(node))


def _used(node: ast.AST) -> frozenset[str]:
    return frozenset(one.id for one in ast.walk(node) if isinstance(one, ast.Name))


@lru_cache(maxsize=4096)
def _free(part: Part) -> frozenset[str]:
    """The names that a part needs and does not bind anywhere in itself."""
    bound = set(part.names)
    for node in ast.walk(ast.parse(part.text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) or (
            isinstance(node, ast.ExceptHandler) and node.name
        ):
            bound.add(node.name or "")
        elif isinstance(node, ast.alias):
            bound.add(node.asname or node.name.split(".")[0])
    return part.uses - bound
