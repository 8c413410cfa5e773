"""The rows of some students in one open transaction: read in a few queries, written in a few statements.

How many statements there are does not depend on how many students. Ids and order are the names' alone.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.nbgrader_bridge.course import Course
from grader.nbgrader_bridge.database import Database
from grader.nbgrader_bridge.entries import Entry

#: Names -> the ids of rows: two runs with equal results make equal gradebooks.
_OURS = uuid.UUID("8b2c3d1c-2f52-4a3e-9d0b-6a1d3e0a7c55")


@dataclass(frozen=True)
class Cells:
    """An assignment and its cells as the gradebook has them."""

    assignment: str  # its name
    assignment_id: str
    notebook_id: str
    duedate: datetime.datetime | None
    graded: Mapping[str, str]  # names -> ids, in order
    commented: Mapping[str, str]
    automatic: frozenset[str]  # names of those that are not graded by hand


class Batch:
    """Writes entries into a gradebook that is locked; whoever locked it commits."""

    def __init__(self, book: Database, course: Course, cells: Cells) -> None:
        self._api, self._session, self._course, self._cells = book.api, book.session, course, cells

    def write(self, entries: Sequence[Entry]) -> None:
        entries = self._students(entries)
        submissions = self._submissions(entries)
        notebooks, known = self._notebooks(submissions)
        self._grades(entries, notebooks, known)
        self._comments(entries, notebooks, known)
        self._penalties(submissions, notebooks, known)

    # -------------------------------------------------------------- students and their notebooks
    def _students(self, entries: Sequence[Entry]) -> list[Entry]:
        """Add those who are new; return the entries that are to be written, one a student."""
        by_name = {entry.student: entry for entry in entries}
        known = {row["id"] for row in self._select(self._api.Student, id=by_name)}
        entries = [entry for name, entry in by_name.items() if entry.is_known or name in known]
        self._insert(self._api.Student, ({"id": one.student} for one in entries if one.student not in known))
        return entries

    def _submissions(self, entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
        """The rows of submitted assignments, by student, as they are when this returns."""
        kind, names = self._api.SubmittedAssignment, [entry.student for entry in entries]
        found = self._select(kind, assignment_id=[self._cells.assignment_id], student_id=names)
        here = {row["student_id"]: row for row in found}
        new, changed = [], []
        for entry in entries:
            row = here.get(entry.student)
            if row is None:
                row = {
                    "id": id_of("submission", self._cells.assignment, entry.student),
                    "assignment_id": self._cells.assignment_id, "student_id": entry.student,
                    "timestamp": entry.timestamp, "extension": None,
                }  # fmt: skip
                here[entry.student] = row
                new.append(row)
            elif entry.timestamp not in (None, row["timestamp"]):
                row["timestamp"] = entry.timestamp
                changed.append({"row": row["id"], "timestamp": entry.timestamp})
        self._insert(kind, new)
        self._update(kind, changed)
        return {name: here[name] for name in names}

    def _notebooks(self, submissions: Mapping[str, dict[str, Any]]) -> tuple[dict[str, str], dict[str, Any]]:
        """The ids of their notebooks by student, and the penalties of those that were there already."""
        kind, wanted = self._api.SubmittedNotebook, [row["id"] for row in submissions.values()]
        found = self._select(kind, notebook_id=[self._cells.notebook_id], assignment_id=wanted)
        here = {row["assignment_id"]: row for row in found}
        ids, new = {}, []
        for student, submission in submissions.items():
            row = here.get(submission["id"])
            ids[student] = row["id"] if row else id_of("notebook", submission["id"])
            if row is None:
                notebook = {"id": ids[student], "notebook_id": self._cells.notebook_id}
                new.append({**notebook, "assignment_id": submission["id"]})
        self._insert(kind, new)
        return ids, {row["id"]: row["late_submission_penalty"] for row in here.values()}

    # -------------------------------------------------------------- what they get
    def _grades(self, entries: Iterable[Entry], notebooks: Mapping[str, str], known: Iterable[str]) -> None:
        kind, cells = self._api.Grade, self._cells
        here = self._theirs(kind, cells.graded.values(), known)
        new, changed = [], []
        for entry in entries:
            for name, cell in cells.graded.items():
                key = notebooks[entry.student], cell
                before, score = here.get(key), entry.scores.get(name)
                after = _graded(before, score) if name in cells.automatic else before or _graded(None, None)
                if before is None:
                    new.append(_row("grade", key) | after)
                elif after != before:
                    after = {field: after[field] for field in ("auto_score", "needs_manual_grade")}
                    changed.append({"row": before["id"], **after})
        self._insert(kind, new)
        self._update(kind, changed)

    def _comments(self, entries: Iterable[Entry], notebooks: Mapping[str, str], known: Iterable[str]) -> None:
        kind, commented = self._api.Comment, self._cells.commented
        here = self._theirs(kind, commented.values(), known)
        new, changed = [], []
        for entry in entries:
            for name, cell in commented.items():
                key = notebooks[entry.student], cell
                before, words = here.get(key), entry.comments.get(name) or None
                if before is None:
                    new.append(_row("comment", key) | {"auto_comment": words})
                elif before["auto_comment"] != words:
                    changed.append({"row": before["id"], "auto_comment": words})
        self._insert(kind, new)
        self._update(kind, changed)

    def _theirs(
        self, kind: Any, cells: Iterable[str], notebooks: Iterable[str]
    ) -> dict[tuple[str, str], dict[str, Any]]:
        """What the notebooks have at the cells, which nobody else can change until the commit."""
        ids = list(notebooks)
        if not ids:
            return {}
        found = self._select(kind, cell_id=cells, notebook_id=ids)
        return {(row["notebook_id"], row["cell_id"]): row for row in found}

    def _penalties(
        self,
        submissions: Mapping[str, dict[str, Any]],
        notebooks: Mapping[str, str],
        before: Mapping[str, float | None],
    ) -> None:
        """What the course's plugin takes off for coming late: of scores as they are now, none below zero."""
        late = {name: seconds for name, row in submissions.items() if (seconds := self._seconds_late(row))}
        scores = self._scores([notebooks[student] for student in late])
        changed = []
        for student, notebook in notebooks.items():
            penalty = None
            if student in late:
                penalty = self._course.late_penalty(student, scores.get(notebook, 0.0), late[student])
            if before.get(notebook) != penalty:
                changed.append({"row": notebook, "late_submission_penalty": penalty})
        self._update(self._api.SubmittedNotebook, changed)

    def _seconds_late(self, row: Mapping[str, Any]) -> float:
        """As nbgrader counts."""
        due, handed_in = self._cells.duedate, row["timestamp"]
        if due is None or handed_in is None:
            return 0.0
        extension = row["extension"] or datetime.timedelta()
        return max(0.0, (handed_in - due - extension).total_seconds())

    def _scores(self, notebooks: Sequence[str]) -> dict[str, float]:
        """Sums of scores, a person's and extra credit among them."""
        from sqlalchemy import func, select

        if not notebooks:
            return {}
        grade = self._api.Grade
        sums = select(grade.notebook_id, func.sum(grade.score)).group_by(grade.notebook_id)
        here = grade.cell_id.in_(self._cells.graded.values()), grade.notebook_id.in_(notebooks)
        return dict(self._session.execute(sums.where(*here)).all())

    # -------------------------------------------------------------- statements
    def _select(self, kind: Any, **among: Iterable[str]) -> list[dict[str, Any]]:
        """The rows whose fields are among these: whole, so that an older version's tables are noticed."""
        from sqlalchemy import select

        table = kind.__table__
        wanted = select(table)
        for name, values in among.items():
            wanted = wanted.where(table.c[name].in_(list(values)))
        if "cell_id" in among:  # what a person may be about to write
            wanted = wanted.with_for_update()
        return [dict(row) for row in self._session.execute(wanted).mappings()]

    def _insert(self, kind: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        from sqlalchemy import insert

        if rows := list(rows):
            self._session.execute(insert(kind.__table__), rows)

    def _update(self, kind: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Each row's id is its ``row``; the others are its new fields."""
        from sqlalchemy import bindparam, update

        table = kind.__table__
        if rows:
            self._session.execute(update(table).where(table.c.id == bindparam("row")), list(rows))


def id_of(*names: str) -> str:
    """An id as nbgrader's, 32 digits, that depends on the names alone."""
    return uuid.uuid5(_OURS, json.dumps(names)).hex


def _row(what: str, key: tuple[str, str]) -> dict[str, Any]:
    """The beginning of a new row for a notebook and a cell."""
    return {"id": id_of(what, *key), "notebook_id": key[0], "cell_id": key[1]}


def _graded(before: Mapping[str, Any] | None, score: float | None) -> dict[str, Any]:
    """A grade with its automatic score; a person's stays, and is to be looked at again where ours changed."""
    if before is None:
        return {"auto_score": score, "needs_manual_grade": score is None}
    needs, by_hand = before["needs_manual_grade"], before["manual_score"]
    if by_hand is None:
        needs = score is None
    elif score is None:
        needs = False
    elif before["auto_score"] != score:
        needs = True
    return {**before, "auto_score": score, "needs_manual_grade": needs}
