"""A hand-in as a notebook that a person can grade by hand: the student's answers in the course's frame.

Built anew rather than copied. Of the student's file only the text of cells is taken: its outputs, metadata
and embedded HTML could run in the instructor's browser (the formgrader shows outputs as they are). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import SubmissionError
from grader.intake.extract import cell_text, nbgrader_of, notebook_cells
from grader.records import Assignment, SubmissionResult
from grader.report import graded_cell
from grader.report.inert import inert
from grader.report.summary import for_student
from grader.sandbox.limits import Limits
from grader.sandbox.text import clean, clean_line

_MISSING = {"code": "# This cell is not in the hand-in.", "markdown": "*This cell is not in the hand-in.*"}
_CELL_LIMIT = 200_000  # characters of one cell
_PICTURE = re.compile(r"[A-Za-z0-9+/=\s]*")
_PICTURE_KINDS = ("image/png", "image/jpeg", "image/gif")


@dataclass(frozen=True)
class Marked:
    """A cell of the course's notebook that carries nbgrader's marks."""

    grade_id: str
    cell_type: str  # code or markdown
    source: str
    marks: dict[str, Any]

    @property
    def graded(self) -> bool:
        return self.marks.get("grade") is True

    @property
    def solution(self) -> bool:
        return self.marks.get("solution") is True

    @property
    def task(self) -> bool:
        return self.marks.get("task") is True

    @property
    def locked(self) -> bool:
        """Whether its text is the course's and not the student's."""
        return not self.solution and (self.graded or self.marks.get("locked") is True)


def marked_cells(data: bytes) -> tuple[Marked, ...]:
    """Return the marked cells of a notebook, in order."""
    found = []
    for number, cell in enumerate(notebook_cells(data), 1):
        marks = nbgrader_of(cell) if isinstance(cell, dict) else {}
        if marks.get("grade_id"):
            kind = "code" if cell.get("cell_type") == "code" else "markdown"
            found.append(Marked(str(marks["grade_id"]), kind, cell_text(cell, f"cell {number}"), marks))
    return tuple(found)


def prose(data: bytes) -> frozenset[str]:
    """Return the Markdown of a notebook's cells without marks: the course's own text."""
    cells = [cell for cell in notebook_cells(data) if isinstance(cell, dict) and not nbgrader_of(cell)]
    return frozenset(cell_text(cell, "a cell") for cell in cells if cell.get("cell_type") == "markdown")


def graded_notebook(
    assignment: Assignment,
    frame: Sequence[Marked],
    handed_in: bytes | None,
    submission: SubmissionResult,
    own: Container[str] = (),
) -> dict[str, Any]:
    """Return one student's notebook (nbformat 4.5), the findings as the outputs of its graded cells.

    Parameters
    ----------
    frame : sequence of Marked
        The course's marked cells; locked ones come back with the course's text, whatever was handed in.
    handed_in : bytes or None
        The file as it came, a notebook or a module; None when there is none to show.
    submission : SubmissionResult
        What came of it. Only what its student may read is written: nbgrader makes feedback pages of this.
    own : container of str, optional
        The course's `prose`: a cell with such a text is shown as the course wrote it.
    """
    shown = for_student(submission)
    outputs = {item.id: graded_cell.outputs(item, shown.diagnosis) for item in shown.items}
    points = {item.id: item.max_score for item in (*assignment.rubric, *assignment.manual)}
    there = _handed_in_cells(handed_in, Limits.from_mapping(assignment.limits))
    cells = [
        _framed(marked, cell, outputs, points) if marked else _plain(cell, own)
        for marked, cell in _in_order(frame, there)
    ]
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _handed_in_cells(data: bytes | None, limits: Limits) -> list[dict[str, Any]]:
    """Return the cells of a notebook, or a module as one cell; what cannot be read has none."""
    if data is None:
        return []
    try:
        return [cell for cell in notebook_cells(data, limits) if isinstance(cell, dict)]
    except SubmissionError:
        text = data[:_CELL_LIMIT].decode("utf-8", "replace")
        return [{"cell_type": "code", "source": text}]


def _in_order(
    frame: Sequence[Marked], there: Sequence[dict[str, Any]]
) -> list[tuple[Marked | None, dict[str, Any] | None]]:
    """The cells that are there, with their marks, and each missing one after the one before it in the course.

    Where nothing is marked, such as in a module, all of them come last.
    """
    missing = {marked.grade_id: marked for marked in frame}
    placed = [(missing.pop(str(nbgrader_of(cell).get("grade_id")), None), cell) for cell in there]
    order = [marked.grade_id if marked else "" for marked, _ in placed]
    at = 0 if any(order) else len(order)
    for marked in frame:
        if marked.grade_id in missing:
            placed.insert(at, (marked, None))
            order.insert(at, marked.grade_id)
        at = order.index(marked.grade_id) + 1
    return placed


# ------------------------------------------------------------------ cells
def _plain(cell: dict[str, Any], own: Container[str]) -> dict[str, Any]:
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    return _answer(kind, cell, {}, own)


def _framed(
    marked: Marked,
    cell: dict[str, Any] | None,
    outputs: dict[str, list[dict[str, Any]]],
    points: dict[str, float],
) -> dict[str, Any]:
    marks = dict(marked.marks)
    if marked.grade_id in points:
        marks["points"] = points[marked.grade_id]
    if marked.locked:
        made = _cell(marked.cell_type, marked.source, {"nbgrader": marks})
    elif cell is None:
        made = _cell(marked.cell_type, _MISSING[marked.cell_type], {"nbgrader": marks})
    else:
        made = _answer(marked.cell_type, cell, {"nbgrader": marks})
    if marked.cell_type == "code" and marked.grade_id in outputs:
        made["outputs"] = outputs[marked.grade_id]
    return made


def _cell(
    kind: str, text: str, metadata: dict[str, Any], pictures: dict[str, Any] | None = None
) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": text}
    if kind == "code":
        return {**cell, "execution_count": None, "outputs": []}
    if pictures:
        cell["attachments"] = pictures
    return cell


def _answer(
    kind: str, cell: dict[str, Any], metadata: dict[str, Any], own: Container[str] = ()
) -> dict[str, Any]:
    pictures = _pictures(cell)
    try:
        text = cell_text(cell, "a cell")
    except SubmissionError as error:
        text = f"({error})"
    if text not in own:
        text = clean(text, _CELL_LIMIT)
        text = text if kind == "code" else inert(text, pictures)
    return _cell(kind, text, metadata, pictures)


def _pictures(cell: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return a cell's pasted pictures: pixels only, and only what is base64 text indeed."""
    attachments = cell.get("attachments")
    found: dict[str, dict[str, str]] = {}
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in kinds.items() if isinstance(kinds, dict) else ():
            if kind in _PICTURE_KINDS and isinstance(data, str) and _PICTURE.fullmatch(data):
                found[clean_line(name)] = {kind: data}
    return found
