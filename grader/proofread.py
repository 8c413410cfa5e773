"""Reads test files without running them: what Python and pytest would pass over in silence.

Of two functions with one name Python keeps the last; what is not called ``test...`` pytest does not run.
Either way points are missing that somebody believes to be there.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.errors import AssignmentError

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def proofread(paths: Iterable[Path]) -> dict[str, str]:
    """The tests that stand in the files, each with its place: ``{"test_floor": "test_public.py:12"}``.

    Raises
    ------
    AssignmentError
        No Python, two tests with one name (in one file or in two), or a marked function that is no test.
    """
    places: dict[str, str] = {}
    for path in paths:
        for node in _functions(_parse(path).body):
            place = f"{path.name}:{_first_line(node)}"
            if not node.name.startswith("test"):
                if _is_marked(node):
                    raise AssignmentError(
                        f"{place}: {node.name} is never run: the name of a test begins with test_"
                    )
            elif node.name in places:
                raise AssignmentError(
                    f"{place}: two tests have the name {node.name}; the other one is {places[node.name]}"
                )
            else:
                places[node.name] = place
    return places


def _parse(path: Path) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a backslash too many is not worth a word here
            return ast.parse(path.read_bytes(), str(path))
    except SyntaxError as problem:
        raise AssignmentError(f"{path.name}:{problem.lineno or 1}: {problem.msg}") from None
    except (ValueError, RecursionError, OSError) as problem:
        raise AssignmentError(f"{path.name} cannot be read: {problem}") from None


def _functions(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of a module and of its classes of tests, those below an ``if`` or ``try`` too."""
    for node in body:
        if isinstance(node, _FUNCTIONS):
            yield node
        elif not isinstance(node, ast.ClassDef) or node.name.startswith("Test"):
            for block in ("body", "handlers", "orelse", "finalbody"):
                yield from _functions(getattr(node, block, ()))


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The line of the first decorator, as pytest counts."""
    return (node.decorator_list or [node])[0].lineno


def _is_marked(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("mark.rubric" in ast.unparse(decorator) for decorator in node.decorator_list)
