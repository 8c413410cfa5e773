"""One pytest function of an assignment: what a case must be before anybody is graded by it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import pytest

from grader.errors import AssignmentError, meant
from grader.records import Visibility

#: More is a slip of the hand; the sum stays exact.
MAX_POINTS = 1_000_000
#: Marks that let pytest pass a case over, for everybody.
_PASSES_OVER = ("skip", "skipif", "xfail")


@dataclass(frozen=True)
class Case:
    """A case as it was collected."""

    name: str
    rubric: str
    points: float
    idea: str
    visibility: Visibility
    place: str  # "test_hidden.py:34"


def case_of(item: pytest.Function, visibility: Visibility) -> Case:
    """The case that pytest collected as `item`; AssignmentError, with file and line, if it cannot be one."""
    where = f"{item.path.name}:{(item.location[1] or 0) + 1}: {item.name}"
    markers = list(item.iter_markers("rubric"))
    if len(markers) != 1:
        raise AssignmentError(f"{where} needs one marker @pytest.mark.rubric(id, points=N)")
    args, options = markers[0].args, markers[0].kwargs
    if len(args) != 1 or not isinstance(args[0], str) or set(options) != {"points"}:
        raise AssignmentError(f"{where}: the marker is written @pytest.mark.rubric(id, points=N)")
    points = options["points"]
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points <= MAX_POINTS:
        raise AssignmentError(f"{where}: points must be a number from 0 to {MAX_POINTS:,}, got {points!r}")
    idea = " ".join((getattr(item.function, "__doc__", None) or "").strip().split("\n\n")[0].split())
    if not idea:
        raise AssignmentError(f"{where} needs a docstring: it is what students read")
    _expect_to_run(item, where)
    return Case(item.name, args[0], float(points), idea, visibility, where.rpartition(": ")[0])


def _expect_to_run(item: pytest.Function, where: str) -> None:
    """It runs for everybody, and it can reach the student's functions."""
    for name in _PASSES_OVER:
        if any(item.iter_markers(name)):
            raise AssignmentError(f"{where}: a case runs for every student, without @pytest.mark.{name}")
    if inspect.iscoroutinefunction(item.function) or inspect.isgeneratorfunction(item.function):
        raise AssignmentError(f"{where}: a case is a plain function, without async and yield")
    fixtures = item._fixtureinfo.name2fixturedefs
    for name in item.fixturenames:
        if name != "request" and not fixtures.get(name):
            raise AssignmentError(f"{where} asks for {name!r}, no fixture; {meant(name, ('student', 'rng'))}")
    if "student" not in item.fixturenames:
        raise AssignmentError(f"{where} has no argument `student`: it cannot look at anybody's work")
