"""Folders of ``assignments/`` -> `grader.records.Assignment`.

An assignment is found by its name, in the checkout or in the installed wheel, or by its folder's path.
"""

from __future__ import annotations

import importlib.resources
import math
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader import cases
from grader.errors import AssignmentError
from grader.records import Assignment, RubricItem

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Beside the assignments, but none of them.
SAMPLE_CLASS = "sample_class"
_KEYS = {"title": str, "functions": list, "rubric": list, "manual": list, "limits": dict, "release": list}


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
        One sentence that names the file, the entry or the test.
    """
    folder = find(name)
    table = _read(folder / "grading" / "assignment.toml")
    files = {folder / "test_public.py": "public", folder / "grading" / "test_hidden.py": "hidden"}
    collected = cases.collect(folder, files)
    return Assignment(
        name=folder.name,
        title=table["title"],
        folder=folder,
        functions=tuple(table["functions"]),
        rubric=_rubric(table["rubric"], collected),
        manual=tuple(_manual(table.get("manual", []))),
        limits=table.get("limits", {}),
    )


def release_list(folder: Path) -> tuple[str, ...]:
    """Further files of the assignment that students get, from ``release = [...]``."""
    return tuple(_read(folder / "grading" / "assignment.toml").get("release", []))


# ------------------------------------------------------------------ the toml
def _read(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise AssignmentError(f"{path.name} cannot be read: {problem}") from None
    for key, value in table.items():
        if key not in _KEYS:
            raise AssignmentError(f"{path.name}: unknown entry {key!r}; known are {', '.join(_KEYS)}")
        if not isinstance(value, _KEYS[key]):
            raise AssignmentError(f"{path.name}: {key} must be a {_KEYS[key].__name__}")
    for key in ("title", "functions", "rubric"):
        if not table.get(key):
            raise AssignmentError(f"{path.name}: {key} is missing")
    for key in ("functions", "release"):
        if not all(isinstance(entry, str) for entry in table.get(key, [])):
            raise AssignmentError(f"{path.name}: {key} must be a list of texts")
    _check_limits(path.name, table.get("limits", {}))
    _check_ids(path.name, [*table["rubric"], *table.get("manual", [])])
    return table


def _check_limits(where: str, limits: Mapping[str, Any]) -> None:
    from grader.sandbox.limits import Limits

    try:
        Limits.from_mapping(limits)
    except AssignmentError as problem:
        raise AssignmentError(f"{where}: {problem}") from None


def _check_ids(where: str, entries: Iterable[Any]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"]:
            raise AssignmentError(f"{where}: every [[rubric]] and [[manual]] needs an id")
        if not isinstance(entry.get("title"), str):
            raise AssignmentError(f"{where}: {entry['id']} needs a title")
        if entry["id"] in seen:
            raise AssignmentError(f"{where}: the id {entry['id']} is there twice")
        seen.add(entry["id"])


def _rubric(entries: list[dict[str, Any]], collected: tuple[cases.Case, ...]) -> tuple[RubricItem, ...]:
    ids = [entry["id"] for entry in entries]
    points: dict[str, list[float]] = {name: [] for name in ids}
    for case in collected:
        if case.rubric not in points:
            raise AssignmentError(
                f"{case.name} names the rubric item {case.rubric!r}, which assignment.toml does not have "
                f"(it has {', '.join(ids)})"
            )
        points[case.rubric].append(case.points)
    for name, values in points.items():
        if not values:
            raise AssignmentError(f"no test carries the rubric item {name!r}")
    return tuple(RubricItem(e["id"], e["title"], round(math.fsum(points[e["id"]]), 9)) for e in entries)


def _manual(entries: list[dict[str, Any]]) -> Iterable[RubricItem]:
    for entry in entries:
        points = entry.get("points")
        if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points < math.inf:
            raise AssignmentError(f"assignment.toml: {entry['id']} needs points, a number from 0 up")
        yield RubricItem(entry["id"], entry["title"], float(points))
