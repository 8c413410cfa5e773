"""What the formgrader wants to see of a course beside its gradebook, so that ``jupyter lab`` there opens it::

gradebook.db
source/<assignment>/<assignment>.ipynb                   lists the assignment
autograded/<student>/<assignment>/<assignment>.ipynb     the answers, for grading by hand
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.errors import AssignmentError, GraderError, SubmissionError
from grader.intake.collect import HandIn, hand_ins
from grader.intake.names import MAX_BYTES
from grader.records import Assignment, ClassResult, SubmissionResult
from grader.release import without_region
from grader.report.files import remove_unfinished, write_whole
from grader.report.graded_notebook import Marked, graded_notebook, marked_cells, prose
from grader.sandbox.limits import Limits
from grader.sandbox.text import clean_line

_FOLDER_NAME = re.compile(r"[^/\\\x00-\x1f\x7f\ud800-\udfff]+")


def frame_of(assignment: Assignment) -> tuple[Marked, ...]:
    """Return the marked cells of the assignment's notebook, after making sure that they are the rubric's.

    Hidden tests are taken out of them: what is made of them is shown to students.
    """
    name = assignment.notebook.name
    try:
        frame = marked_cells(assignment.notebook.read_bytes())
    except (OSError, SubmissionError) as error:
        raise AssignmentError(f"{name} cannot be read: {error}") from error
    ids = [marked.grade_id for marked in frame]
    graded = {marked.grade_id for marked in frame if marked.graded or marked.task}
    rubric = {item.id for item in (*assignment.rubric, *assignment.manual)}
    for grade_id in ids:
        if ids.count(grade_id) > 1:
            raise AssignmentError(f"{name} has two cells with the grade_id {grade_id!r}")
    for grade_id in sorted(rubric - graded):
        raise AssignmentError(f"{name} has no graded cell for the rubric item {grade_id!r}")
    for grade_id in sorted(graded - rubric):
        raise AssignmentError(f"{name} has a graded cell {grade_id!r} that is no rubric item")
    return tuple(
        replace(marked, source=without_region(marked.source, "HIDDEN TESTS", "", marked.grade_id)[0])
        for marked in frame
    )


def write_course(
    result: ClassResult, frame: Sequence[Marked], course: Path, submissions: str | Path | None
) -> None:
    """Write the notebooks beside the gradebook; one that cannot be written costs no other.

    Raises
    ------
    GraderError
        Some are not written, or the hand-ins have gone.
    """
    lost: list[str] = []
    try:
        for label, place, content in _notebooks(result, frame, course, submissions):
            try:
                remove_unfinished(place.parent)
                write_whole(place, content)
            except OSError as error:
                lost.append(f"{label} ({error.strerror})")
    except SubmissionError as error:
        lost.append(str(error))
    if lost:
        named = ", ".join(clean_line(name, 80) for name in lost[:5]) + (", …" if len(lost) > 5 else "")
        raise GraderError(f"the gradebook has the scores, but these notebooks are not written: {named}")


def _notebooks(
    result: ClassResult, frame: Sequence[Marked], course: Path, submissions: str | Path | None
) -> Iterator[tuple[str, Path, str | bytes]]:
    """Yield whose it is, its place and its content, of every notebook that is to be written."""
    assignment = result.assignment
    source = course / "source" / assignment.name / assignment.notebook.name
    if not source.exists():
        yield "source", source, assignment.notebook.read_bytes()
    own = prose(assignment.notebook.read_bytes())
    for submission, data in _with_files(result, submissions):
        place = course / "autograded" / submission.student / assignment.name / assignment.notebook.name
        says_more = place.exists() and data is None  # what is there
        if _is_folder_name(submission.student) and is_known(submission) and not says_more:
            notebook = graded_notebook(assignment, frame, data, submission, own)
            yield submission.student, place, json.dumps(notebook, indent=1, ensure_ascii=False)


def is_known(submission: SubmissionResult) -> bool:
    """Whether anything of it was graded. Else its name may be nobody's, made to tell two hand-ins apart."""
    return submission.score is not None or any(item.cases for item in submission.items)


def _with_files(
    result: ClassResult, submissions: str | Path | None
) -> Iterator[tuple[SubmissionResult, bytes | None]]:
    """Yield every submission with its file as it came, or None where there is none to be had.

    One after the other: neither submissions nor files are kept.
    """
    if submissions is None:
        yield from ((submission, None) for submission in result.submissions)
        return
    limits = Limits.from_mapping(result.assignment.limits)
    with hand_ins(Path(submissions), result.assignment.name, limits, result.assignment) as found:
        for submission in result.submissions:
            hand_in = _of_student(submission.student, found)
            yield submission, None if hand_in is None or hand_in.refusal else file_of(hand_in)


def _of_student(student: str, found: Sequence[HandIn]) -> HandIn | None:
    """The hand-in of a student; they are sorted by student, each once."""
    place = bisect_left(found, student, key=lambda hand_in: hand_in.student)
    return found[place] if place < len(found) and found[place].student == student else None


def file_of(hand_in: HandIn) -> bytes | None:
    """A hand-in's file as it came, or None where there is none to be had."""
    try:
        return hand_in.data()
    except SubmissionError:
        return None


def _is_folder_name(student: str) -> bool:
    if student in (".", "..") or not _FOLDER_NAME.fullmatch(student):
        return False
    return len(student.encode()) <= MAX_BYTES
