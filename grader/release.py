"""The students' version of an assignment, by allow-list: what is not named here stays with the instructor.

The notebook is changed as by nbgrader's ``generate_assignment`` (solutions, hidden tests, mark schemes and
outputs go, cells are locked), ``test_public.py`` and the files of ``release = [...]`` are copied.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

from grader import assignment as assignments
from grader.errors import AssignmentError
from grader.intake.extract import nbgrader_of
from grader.records import Assignment

CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"
#: Regions by the words that open and close them; a solution leaves a stub, the others leave nothing.
_SECRETS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def release(assignment: Assignment, directory: Path) -> list[Path]:
    """Write the students' version into ``directory/<name>/``.

    Parameters
    ----------
    assignment : Assignment
    directory : Path
        Made if need be. The folder of this assignment in it must be empty: it could be somebody's work.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    AssignmentError
        If something is there already, a region is not closed, or a file to be released is not in the folder.
    """
    target = directory / assignment.name
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AssignmentError(f"{target} is there already and not empty")
    text = student_notebook(assignment.notebook.read_text(encoding="utf-8"))
    copies = [assignment.public_tests, *_listed(assignment.folder)]
    target.mkdir(parents=True, exist_ok=True)
    notebook = target / assignment.notebook.name
    notebook.write_text(text, encoding="utf-8")
    written = [notebook]
    for source in copies:
        destination = target / source.relative_to(assignment.folder)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, destination)
        written.append(destination)
    return written


def _listed(folder: Path) -> list[Path]:
    """The files of ``release = [...]``: in the folder, not in ``grading``, no links."""
    found = []
    for name in assignments.release_list(folder):
        parts = PurePosixPath(name).parts
        path = folder.joinpath(*parts)
        if not parts or ".." in parts or name.startswith("/") or "\\" in name or parts[0] == "grading":
            raise AssignmentError(f"release: {name!r} is not a file that students may have")
        if not path.is_file() or path.resolve() != folder.resolve().joinpath(*parts):
            raise AssignmentError(f"release: there is no file {name!r} in {folder.name}")
        found.append(path)
    return found


# ------------------------------------------------------------------ the notebook
def student_notebook(text: str) -> str:
    """The students' version of a source notebook, JSON in and JSON out.

    Raises
    ------
    AssignmentError
        If a region is not closed, is nested, or a solution stands in a cell that is not marked as one.
    """
    try:
        notebook = json.loads(text)
        for number, cell in enumerate(notebook["cells"], 1):
            _clear(cell, f"cell {number}")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AssignmentError("the source notebook is not a notebook of format 4") from None
    notebook["metadata"].pop("celltoolbar", None)
    released = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    for word in _SECRETS:
        if f"BEGIN {word}" in released or f"END {word}" in released:
            raise AssignmentError(f"a {word} region is left in the notebook, outside the cells' sources")
    return released


def _clear(cell: dict[str, Any], where: str) -> None:
    marks = nbgrader_of(cell)
    is_code, is_solution = cell["cell_type"] == "code", marks.get("solution") is True
    stub = CODE_STUB if is_code else TEXT_STUB
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    source, had_solution = without_region(source, "SOLUTION", stub, where)
    if had_solution and not is_solution:
        raise AssignmentError(f"{where}: a solution stands in a cell that is not marked as a solution cell")
    if is_solution:
        cell.pop("attachments", None)  # a picture of the answer
        if not had_solution:
            source = stub
    for word in ("HIDDEN TESTS", "MARK SCHEME"):
        source, _ = without_region(source, word, "", where)
    cell["source"] = source.splitlines(keepends=True)
    if is_code:
        cell["outputs"], cell["execution_count"] = [], None
    if is_solution or marks.get("grade") is True or marks.get("locked") is True:
        cell["metadata"]["deletable"] = False
        if not is_solution:
            cell["metadata"]["editable"] = False


def without_region(text: str, word: str, stub: str, where: str) -> tuple[str, bool]:
    """`text` with each region from ``BEGIN word`` to ``END word`` replaced by `stub`, indented like it."""
    kept: list[str] = []
    is_inside = found = False
    for line in text.split("\n"):
        if f"BEGIN {word}" in line:
            if is_inside:
                raise AssignmentError(f"{where}: BEGIN {word} stands inside such a region")
            is_inside = found = True
            indent = re.match(r"\s*", line)[0]
            kept += [indent + part for part in stub.split("\n")] if stub else []
        elif f"END {word}" in line:
            is_inside = False
        elif not is_inside:
            kept.append(line)
    if is_inside:
        raise AssignmentError(f"{where}: BEGIN {word} has no END {word}")
    return "\n".join(kept), found
