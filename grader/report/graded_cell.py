"""What nbgrader shows of a rubric item: the outputs of its graded cell, and the comment on the answer. Pure.

There are two outputs. The first is a result whose text is the score: were nbgrader to read the score out of
the notebook, as it does of those that it ran itself, it would read this one, and none of an item that is not
graded. The second is a table: what was asked, what came, the picture, the idea to revisit. Both are HTML for
pages and plain lines for everything else.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

import jinja2

from grader import feedback
from grader.errors import GraderError
from grader.records import CaseResult, Diagnosis, ItemResult
from grader.report import html
from grader.report.inert import plain, without_active_tex
from grader.report.summary import SENTENCE_LIMIT, score_text, sign, told_of
from grader.sandbox.text import clean_line

#: Pictures of one item, and characters of one.
_MOST_PICTURES, _PICTURE_LIMIT = 2, 200_000
#: Ideas that a comment names.
_MOST_IDEAS = 2


@dataclass(frozen=True)
class _Image:
    """A picture for an ``img``: nothing in it can run, and a page's styles do not reach it."""

    address: str  # data:image/svg+xml;base64,...
    label: str
    width: int

    @classmethod
    def of(cls, svg: str) -> _Image | None:
        """None for what is no drawing of roikit's, or too large for a notebook."""
        if not svg or len(svg) > _PICTURE_LIMIT:
            return None
        try:
            root = ElementTree.fromstring(svg)
            width = round(float(root.get("width", "")))
        except (ElementTree.ParseError, ValueError):
            return None
        data = base64.b64encode(svg.encode()).decode("ascii")
        return cls(f"data:image/svg+xml;base64,{data}", root.get("aria-label", "picture"), width)


def outputs(item: ItemResult, diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """Return the outputs of an item's graded cell (nbformat 4).

    Parameters
    ----------
    item : ItemResult
        As its student may see it: see ``summary.for_student``.
    diagnosis : Diagnosis
        The submission's; what explains this item is told.
    """
    item = _without_repeats(item)
    facts = {"item": item, "told": told_of(item, diagnosis), "images": dict(_images(item))}
    shown = {"text/html": _page("score", facts), "text/plain": _number(item)}
    score = {"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": shown}
    shown = {"text/html": _page("table", facts), "text/plain": "\n".join(_lines(item, facts["told"]))}
    return [score, {"output_type": "display_data", "metadata": {}, "data": shown}]


def comment(item: ItemResult, diagnosis: Diagnosis) -> str:
    """Return what is said of an item that is not correct, in short, for nbgrader's comment on the answer."""
    told = told_of(item, diagnosis)
    lines = [f"{item.title}: {clean_line(item.sentence, SENTENCE_LIMIT)}"]
    for advice in told.advice[:_MOST_IDEAS]:
        lines.append(f"To revisit ({advice.label}): {advice.sentence} {advice.then}")
    return "\n\n".join(plain(clean_line(line, SENTENCE_LIMIT)) for line in lines)  # paragraphs of Markdown


# ------------------------------------------------------------------ the pieces
def _number(item: ItemResult) -> str:
    """The score as nbgrader reads one; of nothing it can read none, and it stops."""
    if item.score is None:
        return ""
    if not 0 <= item.score <= item.max_score:
        raise GraderError(f"{item.id}: a score of {item.score} is not between 0 and {item.max_score}")
    return repr(float(item.score))


def _page(macro: str, facts: dict[str, Any]) -> str:
    made = str(getattr(_template().module, macro)(**facts))
    return without_active_tex("".join(line.strip() + "\n" for line in made.splitlines() if line.strip()))


@functools.cache
def _template() -> jinja2.Template:
    return html.templates().get_template("graded_cell.html")


def _without_repeats(item: ItemResult) -> ItemResult:
    """A traceback, or what was printed, that the case before has too is said once."""
    cases, before = [], ("", "")
    for case in item.cases:
        traceback, printed = case.traceback, case.printed
        repeats = {"traceback": traceback == before[0], "printed": printed == before[1]}
        cases.append(replace(case, **{name: "" for name, repeated in repeats.items() if repeated}))
        before = (traceback, printed)
    return replace(item, cases=tuple(cases))


def _images(item: ItemResult) -> Iterator[tuple[str, _Image]]:
    """The first pictures, by the names of their cases."""
    found = ((case.case, _Image.of(case.picture)) for case in item.cases if case.picture)
    images = [(name, image) for name, image in found if image is not None]
    yield from images[:_MOST_PICTURES]


def _lines(item: ItemResult, told: feedback.Told) -> Iterator[str]:
    title = clean_line(item.title, SENTENCE_LIMIT)
    yield f"{sign(item).symbol} {title}: {score_text(item.score, item.max_score)}"
    for case in item.cases:
        yield from _case_lines(case)
    if not item.cases or item.score is None:
        yield f"  {clean_line(item.sentence, SENTENCE_LIMIT)}"
    for indent, line in feedback.lines(told):
        yield " " * (2 + indent) + clean_line(line, SENTENCE_LIMIT)


def _case_lines(case: CaseResult) -> Iterator[str]:
    yield f"  {sign(case).symbol} {clean_line(case.idea, SENTENCE_LIMIT)}"
    if case.sentence:
        yield f"      {clean_line(case.sentence, SENTENCE_LIMIT)}"
    if case.printed:
        yield "      printed:"
        yield from (f"        {line}" for line in case.printed.rstrip().split("\n"))
