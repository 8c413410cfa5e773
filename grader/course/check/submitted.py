"""``submitted/``: what could not be graded, or would get 0, before anybody is graded."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from grader.course.check.records import Course, Finding, Source
from grader.errors import SubmissionError
from grader.intake.collect import ALIKE, hand_ins
from grader.sandbox.limits import Limits

STAMP = "timestamp.txt"
_OURS = "look into it: who it belongs to, and what is to be graded"
_ALIKE = (
    "they differ in upper and lower case only, or in accents: one is probably the other's; "
    "move one away or rename it"
)


def look_at(course: Course) -> Iterator[Finding]:
    """Look at every hand-in, as the grader will."""
    top = course.settings.submitted
    if not top.is_dir():
        return
    for source in course.sources:
        if source.assignment is not None:
            yield from _refused(course, source)
            yield from _stamps(top, source)
    yield from _elsewhere(course)


def _refused(course: Course, source: Source) -> Iterator[Finding]:
    top, limits = course.settings.submitted, Limits.from_mapping(source.assignment.limits)
    try:
        with hand_ins(top, source.name, limits, source.assignment) as found:
            for submission in (hand_in.read() for hand_in in found):
                if submission.source is not None:
                    continue
                place = f"{course.place(top)}/{submission.path}"
                if submission.is_ours:
                    remedy = _ALIKE if submission.refusal.startswith(ALIKE) else _OURS
                    yield Finding(place, f"cannot be graded: {submission.refusal}", remedy)
                else:
                    remedy = "ask for another one, or leave it at that"
                    yield Finding(place, f"will get 0: {submission.refusal}", remedy, "warning")
    except SubmissionError:
        return  # nothing is handed in yet


def _stamps(top: Path, source: Source) -> Iterator[Finding]:
    """nbgrader takes what has no time for handed in on time."""
    folders = [folder for folder in top.glob(f"*/{source.name}") if os.path.isdir(folder)]
    without = [folder for folder in folders if not os.path.isfile(folder / STAMP)]
    if without:
        sentence = f"{len(without)} of {len(folders)} hand-ins have no {STAMP}"
        remedy = "they count as on time; or write one: 2030-01-31 18:00:00 UTC"
        yield Finding(f"{top.name}/*/{source.name}", sentence, remedy, "note")


def _elsewhere(course: Course) -> Iterator[Finding]:
    """Folders named as no assignment is."""
    top, names = course.settings.submitted, {source.name for source in course.sources}
    folders = (path for path in top.glob("*/*") if os.path.isdir(path) and not path.name.startswith("."))
    other = Counter(path.name for path in folders if path.name not in names)
    for name, count in sorted(other.items()):
        sentence = f"{'a hand-in' if count == 1 else f'{count} hand-ins'} for no assignment of this course"
        remedy = "rename it to the assignment, or remove it"
        yield Finding(f"{course.place(top)}/*/{name}", sentence, remedy, "warning")
