"""``scores.csv``: one row a student, one column a rubric item, for spreadsheets and grade books; the last
column has the ideas behind wrong results.

RFC 4180, UTF-8. A cell is a number, or text that no spreadsheet runs; an empty one was not graded, which is
never a zero.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from pathlib import Path

from grader import feedback
from grader.errors import GraderError
from grader.records import ClassResult, SubmissionResult
from grader.report.files import write_pieces
from grader.report.summary import SENTENCE_LIMIT
from grader.sandbox.text import clean

_COLUMNS = ("student", "file", "outcome", "score", "max score")
_LAST = "looks like"
# A spreadsheet takes what begins with one of these, in any width, for a formula. Where it splits lines at
# semicolons or tabs, or quotes get lost on the way, a cell may begin in the middle of ours.
_FORMULA = re.compile(r"""(^|[;,|"'])(\s*)(?=[=+@\-＝＋＠－﹦﹢﹫﹣⁼⁺⁻₌₊₋])""")


def write(result: ClassResult, path: str | Path) -> Path:
    """Write the scores of `result` to `path`, whole or not at all, and return the path.

    Raises
    ------
    GraderError
        A score is NaN or infinite.
    """
    return write_pieces(Path(path), _lines(result))


def _lines(result: ClassResult) -> Iterator[str]:
    """The file, a row at a time."""
    row = csv.writer(_AsText(), quoting=csv.QUOTE_NONNUMERIC)
    rubric = [item.id for item in result.assignment.rubric]
    yield row.writerow([inert(name) for name in (*_COLUMNS, *rubric, _LAST)])
    for submission in result.submissions:
        yield row.writerow(_row(submission, rubric))


class _AsText:
    """What `csv.writer` writes to; it gives back what this does."""

    def write(self, line: str) -> str:
        return line


def inert(text: str) -> str:
    """Text that a spreadsheet shows and does not run: an apostrophe stands before what it would run.

    >>> inert("=1+1"), inert("ada;@SUM(A1)"), inert("a-b@c")
    ("'=1+1", "ada;'@SUM(A1)", 'a-b@c')
    """
    text = " ".join(re.split(r"[\n\t]", clean(text, SENTENCE_LIMIT)))
    return _FORMULA.sub(r"\1\2'", text)


def _row(submission: SubmissionResult, rubric: list[str]) -> list[str | float | None]:
    scores = {item.id: item.score for item in submission.items}
    texts = (submission.student, submission.path, submission.outcome)
    numbers = (submission.score, submission.max_score, *map(scores.get, rubric))
    return [*map(inert, texts), *map(_number, numbers), inert(feedback.short(submission.diagnosis))]


def _number(score: float | None) -> float | None:
    if score is not None and not math.isfinite(score):
        raise GraderError("scores.csv is not written: a score is not a finite number")
    return score
