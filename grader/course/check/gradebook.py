"""The gradebook: whether its assignments are those of ``source/``, its students those of ``submitted/``."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from grader.course.check.records import Course, Finding
from grader.errors import GraderError, SubmissionError
from grader.intake.collect import hand_ins

GRADEBOOK = "gradebook.db"
#: A second student of one name gets such an id from the grader.
_MADE_UP = re.compile(r".*~[0-9]+", re.DOTALL)


def look_at(course: Course) -> Iterator[Finding]:
    """Look at its cells, points and students."""
    if not course.settings.is_known:
        return
    from grader.nbgrader_bridge import inspection

    try:
        known = inspection.gradebook_of(course.root)
    except GraderError as problem:
        yield Finding(GRADEBOOK, str(problem), "nothing of it was looked at", "warning")
        return
    yield from _assignments(course, known.cells)
    yield from _students(course, known.graded)


# ------------------------------------------------------------------ assignments
def _assignments(course: Course, known: dict[str, dict[str, float]]) -> Iterator[Finding]:
    for source in course.sources:
        if source.assignment is not None and source.name in known:
            items = (*source.assignment.rubric, *source.assignment.manual)
            here = {item.id: float(item.max_score) for item in items}
            yield from _differences(source.name, here, known[source.name])
    for name in sorted(set(known) - {source.name for source in course.sources}):
        sentence = f"has an assignment {name!r}, which {course.settings.source.name}/ has not"
        yield Finding(GRADEBOOK, sentence, "bring the folder back to grade it again", "note")


def _differences(name: str, here: dict[str, float], there: dict[str, float]) -> Iterator[Finding]:
    gone, new = sorted(there.keys() - here.keys()), sorted(here.keys() - there.keys())
    both = [one for one in here if one in there]
    other = [f"{one} {there[one]:g}, now {here[one]:g}" for one in both if here[one] != there[one]]
    parts = [("no longer there", gone), ("new", new), ("of other points", other)]
    said = "; ".join(f"{words}: {', '.join(ids)}" for words, ids in parts if ids)
    if said:
        sentence = f"has other cells or points for {name} than its source ({said})"
        remedy = "bring the cell back, or begin a new gradebook" if gone else "grade again: that sets them"
        yield Finding(GRADEBOOK, sentence, remedy, "warning")


# ------------------------------------------------------------------ students
def _students(course: Course, graded: dict[str, set[str]]) -> Iterator[Finding]:
    """Students whose folder was removed or renamed since they were graded.

    Of an assignment that nobody has in ``submitted/``, hand-ins lie elsewhere: that says nothing.
    """
    here, collected = _handed_in(course)
    for student, assignments in sorted(graded.items()):
        is_made_up = _MADE_UP.fullmatch(student) is not None
        if student not in here and (is_made_up or assignments & collected):
            remove = f"`nbgrader db student remove --force {shlex.quote(student)}`"
            remedy = remove if is_made_up else f"bring it back; or {remove}, which deletes the grades, too"
            sentence = f"the student {student!r} has no hand-in in {course.place(course.settings.submitted)}/"
            yield Finding(GRADEBOOK, sentence, remedy, "warning")


def _handed_in(course: Course) -> tuple[set[str], set[str]]:
    """Who has a folder or a hand-in, and for which assignments there are any."""
    top = course.settings.submitted
    students = {path.name for path in top.iterdir()} if top.is_dir() else set()
    collected = set()
    for source in course.sources:
        try:
            with hand_ins(top, source.name) as found:
                students.update(one.student for one in found if not _MADE_UP.fullmatch(one.student))
                collected.add(source.name)
        except SubmissionError:
            continue  # nothing is handed in for it
    return students, collected
