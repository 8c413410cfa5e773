"""One part of a program as another person would have written it: other local names, remarks, order of lines.

What it computes stays as it was. It is work on texts, by the places that the syntax tree names, so that every
Python writes the same.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from grader.simulate.chance import Chance

_REMARKS = (
    "TODO: ask in the exercise group", "see the picture above", "like in the lecture",
    "checked on paper for {n} cells", "this took me {n} minutes", "attempt {n}",
    "not sure about this, but the checks are green", "half-open!", "works for {n} x {n}", "careful here",
    "the formula from the notebook", "y first, then x", "step {n}", "compare with example {n}",
    "was wrong before, see version {n}", "print({n}) was here", "why does this work?", "same as above",
    "could be faster", "from slide {n}", "do not touch", "off by one?? no", "tested with seed {n}",
    "thanks to the tutor", "{n} lines were too many", "now without the loop", "???", "the easy part", "ok",
)  # fmt: skip
_SYNONYMS = {
    "result": ("out", "res", "output", "ret", "answer"),
    "out": ("result", "res", "output", "ret"),
    "cells": ("patch", "values", "window", "block"),
    "rows": ("row_bins", "ys", "row_edges"),
    "columns": ("col_bins", "xs", "col_edges", "cols"),
    "scaled": ("s", "box", "scaled_box", "coords"),
    "image": ("b", "batch", "img", "n_img"),
    "size": ("step", "bin_size", "n"),
    "box": ("b", "roi_box", "coords"),
    "k": ("i", "idx", "roi_number"),
    "ph": ("i", "row_number"),
    "pw": ("j", "column_number"),
    "p": ("i", "b", "t"),
    "samples": ("vals", "points", "picked"),
    "weights": ("w", "ws"),
    "values": ("vals", "v"),
    "low": ("lo", "first"),
    "height": ("h", "box_h"),
    "width": ("w", "box_w"),
    "inside": ("ok", "mask", "valid"),
}
_SHAPES = ("{}_", "my_{}", "{}2", "the_{}", "{}_new", "cur_{}", "{}_tmp", "_{}", "{}s", "this_{}")
#: Calls that neither change anything nor depend on what was called before.
_PURE = {"max", "min", "int", "float", "len", "abs", "tuple", "list", "range"}
_PURE_MODULES = {"np", "math"}
_NOT_PLAIN = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom, ast.Lambda)

Site = tuple[int, int, int]  # line, first byte, end


@dataclass(frozen=True)
class _Places:
    """What may be changed in a text; lines count from 0."""

    locals: tuple[tuple[str, tuple[Site, ...]], ...] = ()
    words: frozenset[str] = frozenset()
    remarks: tuple[int, ...] = ()  # lines before which there is room for one
    swaps: tuple[int, ...] = ()  # lines that may change places with the next
    docstring: tuple[int, int] | None = None  # its lines, where more follows


def restyled(text: str, chance: Chance) -> str:
    """`text`, one function or class, as somebody else would have written it."""
    places = _places(text)
    lines = text.split("\n")
    _rename(lines, places, chance)
    taken = -1
    for line in places.swaps:
        if line > taken and chance.happens(0.5):
            lines[line], lines[line + 1] = lines[line + 1], lines[line]
            taken = line + 1
    for line in reversed(places.remarks):
        if chance.happens(0.1):
            indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
            lines[line:line] = [f"{indent}# {remark(chance)}"]
        elif chance.happens(0.05):
            lines[line:line] = [""]
    if places.docstring and chance.happens(0.2):
        first, end = places.docstring
        del lines[first:end]
    return "\n".join(lines)


def remark(chance: Chance) -> str:
    return chance.pick(_REMARKS).format(n=2 + chance.below(60))


def _rename(lines: list[str], places: _Places, chance: Chance) -> None:
    """Give some of the local names another one that the text does not have."""
    words, edits = set(places.words), []
    for name, sites in places.locals:
        if chance.happens(0.45):
            new = chance.pick((*_SYNONYMS.get(name, ()), *(shape.format(name) for shape in _SHAPES)))
            if new not in words and not keyword.iskeyword(new):
                words.add(new)
                edits += [(*site, new) for site in sites]
    for line, start, end, new in sorted(edits, reverse=True):
        data = lines[line].encode()
        lines[line] = (data[:start] + new.encode() + data[end:]).decode()


# ------------------------------------------------------------------ the places
@lru_cache(maxsize=4096)
def _places(text: str) -> _Places:
    try:
        [node] = ast.parse(text).body
    except (SyntaxError, ValueError):
        return _Places()
    if not isinstance(node, ast.FunctionDef):
        return _Places()
    lines = text.split("\n")
    first = node.body[0]
    has_docstring = ast.get_docstring(node) is not None and len(node.body) > 1
    remarks = sorted(set(_beginnings(node, lines)) - ({first.lineno - 1} if has_docstring else set()))
    return _Places(
        locals=tuple(_locals(node)),
        words=frozenset(re.findall(r"\w+", text)),
        remarks=tuple(remarks),
        swaps=tuple(sorted(_swaps(node, lines))),
        docstring=(first.lineno - 1, first.end_lineno or first.lineno) if has_docstring else None,
    )


def _beginnings(function: ast.FunctionDef, lines: list[str]) -> Iterator[int]:
    """The lines at which a statement begins."""
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node is not function and _begins_line(node, lines):
            yield node.lineno - 1


def _begins_line(node: ast.stmt, lines: list[str]) -> bool:
    return not lines[node.lineno - 1].encode()[: node.col_offset].strip()


def _locals(function: ast.FunctionDef) -> Iterator[tuple[str, tuple[Site, ...]]]:
    """The names that are bound in it and mean one thing there, with all their places."""
    nodes = list(ast.walk(function))
    if any(isinstance(node, (ast.JoinedStr, ast.Match, ast.Global, ast.Nonlocal)) for node in nodes):
        return  # before Python 3.12 nobody knows where in an f-string a name stands
    other = {node.arg for node in nodes if isinstance(node, ast.arg)}
    other |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    other |= {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
    other |= {node.asname or node.name for node in nodes if isinstance(node, ast.alias)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)} - other
    for name in sorted(bound):
        places = [(n.lineno - 1, n.col_offset, n.end_col_offset or 0) for n in names if n.id == name]
        yield name, tuple(sorted(places))


def _swaps(function: ast.FunctionDef, lines: list[str]) -> Iterator[int]:
    """Lines with an assignment each, of which neither needs the other."""
    for node in ast.walk(function):
        for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
            for one, other in pairwise(body if isinstance(body, list) else []):
                are_plain = _is_plain(one, lines) and _is_plain(other, lines)
                touch = _stored(one) & _named(other) or _stored(other) & _named(one)
                if are_plain and not touch and other.lineno == one.lineno + 1:
                    yield one.lineno - 1


def _is_plain(node: ast.stmt, lines: list[str]) -> bool:
    """An assignment to names, alone on its line, that changes nothing else."""
    if not isinstance(node, ast.Assign) or node.lineno != node.end_lineno or not _begins_line(node, lines):
        return False
    if ";" in lines[node.lineno - 1] or lines[node.lineno - 1].endswith("\\"):
        return False
    targets = [part for target in node.targets for part in ast.walk(target)]
    if any(isinstance(part, (ast.Attribute, ast.Subscript)) for part in targets):
        return False
    parts = list(ast.walk(node.value))
    calls = [part.func for part in parts if isinstance(part, ast.Call)]
    return not any(isinstance(part, _NOT_PLAIN) for part in parts) and all(map(_is_pure, calls))


def _is_pure(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in _PURE
    owner = called.value if isinstance(called, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id in _PURE_MODULES


def _stored(node: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _named(node: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
