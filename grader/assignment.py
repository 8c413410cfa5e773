"""Folders of ``assignments/`` -> `grader.records.Assignment`.

An assignment is found by its name, in the checkout or in the installed wheel, or by its folder's path.
"""

from __future__ import annotations

import importlib.resources
import math
from pathlib import Path

from grader import cases
from grader.assignment_toml import AssignmentToml
from grader.errors import AssignmentError, meant
from grader.records import Assignment, RubricItem

#: Beside the assignments, but none of them.
SAMPLE_CLASS = "sample_class"


def home() -> Path:
    """The folder of assignments: of the checkout, else of the installed package."""
    checkout = Path(__file__).resolve().parent.parent / "assignments"
    if checkout.is_dir():
        return checkout
    return Path(str(importlib.resources.files("grader") / "assignments"))


def names(folder: Path | None = None) -> list[str]:
    """The names of all assignments of a folder (default: `home`), sorted."""
    folder = home() if folder is None else folder
    return sorted(path.parent.parent.name for path in folder.glob("*/grading/assignment.toml"))


def find(name: str) -> Path:
    """The folder of an assignment by its name, or by a path to it."""
    for folder in (home() / name, Path(name)):
        if (folder / "grading" / "assignment.toml").is_file():
            return folder.resolve()
    if Path(name).is_dir():
        raise AssignmentError(f"the folder {name} holds no grading/assignment.toml")
    raise AssignmentError(f"there is no assignment {name!r}; there are: {', '.join(names()) or 'none'}")


def load(name: str) -> Assignment:
    """Load one assignment.

    Parameters
    ----------
    name : str
        Its name (``"roi_pool"``), or the path of its folder.

    Returns
    -------
    Assignment
        The points of a rubric item are the sum over the cases that carry its id.

    Raises
    ------
    AssignmentError
        One sentence that names file and line.
    """
    folder = find(name)
    toml = AssignmentToml(folder / "grading" / "assignment.toml")
    table = toml.table
    files = {folder / "test_public.py": "public", folder / "grading" / "test_hidden.py": "hidden"}
    collected = cases.collect(folder, files)
    return Assignment(
        name=folder.name,
        title=table["title"],
        folder=folder,
        functions=tuple(table["functions"]),
        rubric=_rubric(toml, collected),
        manual=tuple(RubricItem(e["id"], e["title"], float(e["points"])) for e in table.get("manual", [])),
        limits=table.get("limits", {}),
    )


def release_list(folder: Path) -> tuple[str, ...]:
    """Further files of the assignment that students get, from ``release = [...]``."""
    return tuple(AssignmentToml(folder / "grading" / "assignment.toml").table.get("release", []))


# ------------------------------------------------------------------ the rubric
def _rubric(toml: AssignmentToml, collected: tuple[cases.Case, ...]) -> tuple[RubricItem, ...]:
    """The rubric items with the points of their cases; each has some."""
    entries = toml.table["rubric"]
    points: dict[str, list[float]] = {entry["id"]: [] for entry in entries}
    for case in collected:
        if case.rubric not in points:
            raise AssignmentError(
                f"{case.place}: {case.name} names the rubric item {case.rubric!r}, which assignment.toml "
                f"does not have; {meant(case.rubric, points)}"
            )
        points[case.rubric].append(case.points)
    for number, (name, values) in enumerate(points.items()):
        if not values:
            raise toml.error(f"no test carries the rubric item {name!r}", "id", "rubric", number)
        if not sum(values):
            sentence = f"the rubric item {name!r} gives no points: all its cases have points=0"
            raise toml.error(sentence, "id", "rubric", number)
    return tuple(RubricItem(e["id"], e["title"], round(math.fsum(points[e["id"]]), 9)) for e in entries)
