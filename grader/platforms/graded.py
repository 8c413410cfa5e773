"""A folder that ``roikit grade`` wrote, as a system that takes grades sees it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.intake.lms_names import Upload, parse
from grader.report import results_json
from grader.report.files import page_names

_DAMAGED = "is damaged: grade the class again"


@dataclass(frozen=True)
class Student:
    """One graded student."""

    name: str
    score: float | None  # None: not graded, which is never a zero
    page: Path  # of feedback
    upload: Upload | None  # what the system that they handed in to wrote into the file's name


@dataclass(frozen=True)
class Graded:
    """One assignment of one class."""

    assignment: str
    title: str
    max_score: float
    by_hand: float  # points that a person gives; not among `max_score`
    students: tuple[Student, ...]


def read(folder: Path) -> Graded:
    """Read ``results.json`` and find the students' pages of feedback.

    Raises
    ------
    GraderError
        There is no such file or page, or it is damaged.
    """
    path = folder / "results.json"
    if not path.is_file():
        raise GraderError(f"{folder} is no folder of roikit grade: it has no results.json")
    found = results_json.lazily(path)
    try:
        assignment, submissions = found.head["assignment"], found.submissions
        pages = page_names(_text(entry["student"]) for entry in submissions)
        return Graded(
            _text(assignment["name"]), _text(assignment["title"]), _number(assignment["max_score"]),
            sum(_number(item["max_score"]) for item in assignment["manual"]),
            tuple(
                Student(
                    entry["student"], None if entry["score"] is None else _number(entry["score"]),
                    folder / "report" / "feedback" / f"{page}.html", parse(_text(entry["path"])),
                )
                for entry, page in zip(submissions, pages, strict=True)
            ),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise GraderError(f"{path} {_DAMAGED}") from None


def page_of(student: Student) -> bytes:
    """The student's page of feedback."""
    try:
        return student.page.read_bytes()
    except OSError as problem:
        what = f"{student.page} cannot be read: {problem.strerror}"
        raise GraderError(f"{what}; grade the class again") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or value < 0:
        raise ValueError
    return float(value)
