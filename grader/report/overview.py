"""A class as its index pages need it: everybody, about 1 KB each, in memory at once.

What is long in a result is a student's own (sentences of cases, pictures, tracebacks), and is read where that
student's page is made. The rest is much the same for all, so equal records are one object here.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from grader.records import CaseResult, ClassResult, Diagnosis, Finding, ItemResult, SubmissionResult

#: Values that are kept to be shared; a class has far fewer, unless its students make up new ones.
MOST = 20_000

_Value = TypeVar("_Value", bound=Hashable)
_shared: dict[Hashable, Any] = {}


class Overview(tuple[SubmissionResult, ...]):
    """Slim submissions, in order: what `overview` makes, and need not make again."""

    __slots__ = ()

    @property
    def overview(self) -> Overview:
        return self


def overview(result: ClassResult) -> ClassResult:
    """Return the class with the same submissions in the same order, each one `slim`.

    Of submissions that carry theirs (``grader.journal.Recorded``) that one is taken, without reading them.
    """
    held = getattr(result.submissions, "overview", None)
    return replace(result, submissions=of_submissions(result.submissions) if held is None else held)


def of_submissions(submissions: Iterable[SubmissionResult]) -> Overview:
    """Return submissions, each one `slim`."""
    return Overview(map(slim, submissions))


def slim(submission: SubmissionResult) -> SubmissionResult:
    """Return the submission without the texts and pictures of its cases; what others have too is shared.

    Only the case that took longest keeps its time.
    """
    cases = (case for item in submission.items for case in item.cases)
    longest = max(cases, key=lambda case: case.seconds, default=None)
    return replace(
        submission,
        outcome=_one(submission.outcome),
        score=_one(submission.score),
        max_score=_one(submission.max_score),
        items=tuple(_item(item, longest) for item in submission.items),
        notes=_one(submission.notes),
        diagnosis=_diagnosis(submission.diagnosis),
    )


def _item(item: ItemResult, longest: CaseResult | None) -> ItemResult:
    cases = _one(tuple(map(_case, item.cases)))
    short = ItemResult(
        id=_one(item.id),
        title=_one(item.title),
        outcome=_one(item.outcome),
        score=_one(item.score),
        max_score=_one(item.max_score),
        sentence=_one(item.sentence),
        cases=cases,
    )
    place = next((place for place, case in enumerate(item.cases) if case is longest), None)
    if longest is None or place is None:
        return _one(short)
    timed = replace(cases[place], seconds=longest.seconds)
    return replace(short, cases=(*cases[:place], timed, *cases[place + 1 :]))


def _case(case: CaseResult) -> CaseResult:
    """The case without what is its student's own; made once for all who have it."""
    told = (
        case.case, case.rubric, case.idea, case.visibility, case.outcome, case.score, case.max_score,
    )  # fmt: skip
    found = _shared.get((CaseResult, told))
    return _keep((CaseResult, told), CaseResult(*told)) if found is None else found


def _diagnosis(diagnosis: Diagnosis) -> Diagnosis:
    signatures = (replace(one, function=_one(one.function)) for one in diagnosis.signatures)
    return _one(
        replace(
            diagnosis,
            findings=tuple(map(_finding, diagnosis.findings)),
            unexplained=_one(diagnosis.unexplained),
            signatures=tuple(map(_one, signatures)),
        )
    )


def _finding(finding: Finding) -> Finding:
    parts = {name: _one(getattr(finding, name)) for name in ("idea", "functions", "cases")}
    return _one(replace(finding, **parts))


def _one(value: _Value) -> _Value:
    """The first value that was equal to this one and of its type."""
    key = type(value), value
    found = _shared.get(key)
    return _keep(key, value) if found is None else found


def _keep(key: Hashable, value: _Value) -> _Value:
    if len(_shared) >= MOST:
        _shared.clear()
    _shared[key] = value
    return value
