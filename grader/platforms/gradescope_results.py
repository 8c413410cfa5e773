"""A graded submission as Gradescope's ``results.json``: scores, visibility, feedback as HTML with pictures.

Gradescope lets a part of HTML through, which it does not list: plain elements are used, and no SVG. Pictures
are PNG inside the page; where one is not shown, its label and the sentence above it are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import jinja2
from markupsafe import Markup

from grader import score
from grader.records import ClassResult, ItemResult
from grader.report import html
from grader.report.inert import without_active_tex
from grader.report.summary import NOT_GRADED, SENTENCE_LIMIT, TRACEBACK_LIMIT, for_student, sign
from grader.sandbox.text import clean, clean_line

Draw = Callable[[str], Markup]  # SVG -> img


def graded(result: ClassResult, hidden: str, draw: Draw) -> dict[str, Any]:
    """The results of a class of one.

    Parameters
    ----------
    hidden : {"visible", "after_due_date", "after_published", "hidden"}
        With ``"visible"`` each rubric item is one test, in which hidden cases show their idea and outcome.
        Otherwise the hidden cases of an item, and all that was found out from them, are tests of their own
        with that visibility; until then Gradescope shows no total either.
    draw : function (SVG) -> Markup
        Gives a picture's ``img`` element, or nothing.
    """
    pages = _pages(draw)
    submission = for_student(result.submissions[0])
    if submission.score is None:
        raise ValueError("what is not graded has no results")
    is_open = hidden == "visible"
    advice = pages.get_template("gradescope_advice.html").render(submission=submission)
    tests = [_test(pages, *row) for row in _rows(submission.items, hidden)]
    if not is_open and advice.strip():
        tests.append(_advice(advice, hidden))
    return {
        "score": submission.score,
        "execution_time": round(submission.seconds, 3),
        "output": pages.get_template("gradescope.html").render(
            result=result, submission=submission, advice=Markup(advice) if is_open else ""
        ),
        "output_format": "html",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "roikit": result.roikit_version,
            "sandbox": result.sandbox.rung,
            "missing_walls": list(result.sandbox.missing),
        },
    }


def not_graded() -> dict[str, Any]:
    """The results where the grader itself failed: no score, and so no tests.

    Gradescope asks for a score there or in the tests; without either it says that the autograder failed, and
    gives no points, rather than none out of all. The reason is printed: only instructors read that.
    """
    return {"output": NOT_GRADED, "output_format": "text", "stdout_visibility": "hidden"}


# ------------------------------------------------------------------ tests
def _rows(items: tuple[ItemResult, ...], hidden: str) -> Iterator[tuple[str, ItemResult, str]]:
    """Number, item and visibility of each test."""
    for place, item in enumerate(items, 1):
        if hidden == "visible" or not item.cases:
            yield str(place), item, "visible"
            continue
        parts = [("public", "visible"), ("hidden", hidden)]
        found = [(_part(item, kind), seen) for kind, seen in parts]
        for number, (part, seen) in enumerate([row for row in found if row[0].cases], 1):
            yield f"{place}.{number}", part, seen


def _part(item: ItemResult, kind: str) -> ItemResult:
    """The public or the hidden cases of an item as an item."""
    cases = tuple(case for case in item.cases if case.visibility == kind)
    return replace(
        item,
        title=f"{item.title}: {kind} checks",
        cases=cases,
        outcome=score.worst(case.outcome for case in cases),
        score=score.total(case.score for case in cases),
        max_score=round(math.fsum(case.max_score for case in cases), 9),
    )


def _test(pages: jinja2.Environment, number: str, item: ItemResult, visibility: str) -> dict[str, Any]:
    return {
        "name": clean_line(item.title, SENTENCE_LIMIT),
        "name_format": "text",
        "number": number,
        "score": item.score,
        "max_score": item.max_score,
        "status": "passed" if item.outcome == "correct" else "failed",
        "output": pages.get_template("gradescope_item.html").render(item=item),
        "output_format": "html",
        "tags": [sign(item).word],
        "visibility": visibility,
    }


def _advice(text: str, visibility: str) -> dict[str, Any]:
    return {
        "name": "What to do next",
        "name_format": "text",
        "score": 0,
        "max_score": 0,
        "status": "passed",  # without points Gradescope would show it as failed
        "output": text,
        "output_format": "html",
        "visibility": visibility,
    }


def _pages(draw: Draw) -> jinja2.Environment:
    pages = html.templates()
    pages.loader = jinja2.PackageLoader("grader.platforms")
    # A stranger's text: no element of it, and no formula that loads or links.
    pages.filters.update(
        text=lambda text: clean(without_active_tex(text), SENTENCE_LIMIT),
        traceback=lambda text: clean(without_active_tex(text), TRACEBACK_LIMIT),
        image=lambda svg: draw(svg) if svg else Markup(""),
    )
    return pages
