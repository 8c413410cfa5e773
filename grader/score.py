"""Outcomes -> points. Pure arithmetic; whatever is not known to be right earns nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from grader.records import (
    OUTCOMES,
    Assignment,
    CaseResult,
    ItemResult,
    Outcome,
    RubricItem,
    Submission,
    SubmissionResult,
)


def of_case(outcome: Outcome, points: float) -> float | None:
    """All of `points` for ``correct``, None for ``internal_error`` (it is ours, not a zero), else 0.

    >>> of_case("correct", 2.0), of_case("timeout", 2.0), of_case("internal_error", 2.0)
    (2.0, 0.0, None)
    """
    if outcome == "internal_error":
        return None
    return points if outcome == "correct" else 0.0


def total(scores: Iterable[float | None]) -> float | None:
    """The sum, exact to the last digit that people write; None when one of them is not known."""
    known = list(scores)
    return None if None in known else round(math.fsum(known), 9)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of several outcomes; where nothing was checked, ``internal_error``."""
    return max(outcomes, key=OUTCOMES.index, default="internal_error")


def items(assignment: Assignment, cases: Sequence[CaseResult]) -> tuple[ItemResult, ...]:
    """The rubric of `assignment`, filled in with the cases of one submission."""
    return tuple(
        _item(entry, tuple(case for case in cases if case.rubric == entry.id)) for entry in assignment.rubric
    )


def _item(entry: RubricItem, cases: tuple[CaseResult, ...]) -> ItemResult:
    outcome = worst(case.outcome for case in cases)
    told = next((case.sentence for case in cases if case.outcome == outcome != "correct"), "")
    score = total(case.score for case in cases) if cases else None
    return ItemResult(entry.id, entry.title, outcome, score, entry.max_score, told, cases)


def submission(
    assignment: Assignment, handed_in: Submission, cases: Sequence[CaseResult], seconds: float = 0.0
) -> SubmissionResult:
    """What one submission earned: the sum over its rubric items."""
    filled = items(assignment, cases)
    return SubmissionResult(
        student=handed_in.student,
        path=handed_in.path,
        outcome=worst(item.outcome for item in filled),
        score=total(item.score for item in filled) if filled else None,
        max_score=assignment.max_score,
        items=filled,
        notes=handed_in.source.notes if handed_in.source else (),
        seconds=seconds,
    )


def without_cases(
    assignment: Assignment, handed_in: Submission, outcome: Outcome, sentence: str
) -> SubmissionResult:
    """A submission of which no case was run: ``refused`` scores 0, ``internal_error`` is not graded."""
    score = of_case(outcome, 0.0)
    filled = tuple(
        ItemResult(entry.id, entry.title, outcome, score, entry.max_score, sentence, ())
        for entry in assignment.rubric
    )
    return SubmissionResult(
        student=handed_in.student,
        path=handed_in.path,
        outcome=outcome,
        score=score,
        max_score=assignment.max_score,
        items=filled,
        notes=(sentence,),
    )
