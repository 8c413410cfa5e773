"""Two runs of a class, one held against the other: who has another score, and by what. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from grader.records import ClassResult, ItemResult, SubmissionResult
from grader.report.summary import SENTENCE_LIMIT
from grader.sandbox.text import clean

#: What became of a student, in the order in which a person should look: what is lost comes first.
What = Literal["not graded", "down", "gone", "outcome", "up", "new"]
KINDS: tuple[What, ...] = ("not graded", "down", "gone", "outcome", "up", "new")


@dataclass(frozen=True)
class ItemChange:
    """One rubric item that is not as it was; None: it was not there, or is there no more."""

    title: str
    before: ItemResult | None
    after: ItemResult | None


@dataclass(frozen=True)
class Change:
    """One student whose result is not as it was; None as above."""

    student: str
    before: SubmissionResult | None
    after: SubmissionResult | None
    items: tuple[ItemChange, ...]

    @property
    def what(self) -> What:
        """In a word; "outcome" where the score is the same."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        if self.after.score is None:
            return "not graded"
        if self.before.score is None or self.before.score < self.after.score:
            return "up"
        return "down" if self.before.score > self.after.score else "outcome"


@dataclass(frozen=True)
class Changes:
    """All of a class."""

    changed: tuple[Change, ...]  # by `KINDS`, then in the order of the class
    same: int  # students
    means: tuple[float | None, float | None]  # before, after; of those graded
    max_scores: tuple[float, float]
    seeds: tuple[int, int]
    not_graded: int  # after

    def __bool__(self) -> bool:
        return bool(self.changed)

    def count(self, what: What) -> int:
        return sum(change.what == what for change in self.changed)


def between(before: ClassResult, after: ClassResult) -> Changes:
    """What is not the same in two results of a class.

    Parameters
    ----------
    before : ClassResult
        As it was read from ``results.json``.
    after : ClassResult
        Where it is not complete, those who are missing in it are not counted as gone.

    Returns
    -------
    Changes
        Of scores 4 and 7 and later 7 and 7, one student is up and one the same.
    """
    was, now = _by_name(before), _by_name(after)
    names = [*now, *(name for name in was if name not in now and after.complete)]
    found = [_change(name, was.get(name), now.get(name)) for name in names]
    changed = [change for change in found if change is not None]
    return Changes(
        changed=tuple(sorted(changed, key=lambda change: KINDS.index(change.what))),
        same=len(found) - len(changed),
        means=(_mean(before.submissions), _mean(after.submissions)),
        max_scores=(before.assignment.max_score, after.assignment.max_score),
        seeds=(before.seed, after.seed),
        not_graded=sum(one.score is None for one in after.submissions),
    )


def as_list(changes: Changes) -> list[dict[str, Any]]:
    """The same as plain mappings, lists, text and numbers, one entry a student."""
    return [
        {
            "student": clean(change.student, SENTENCE_LIMIT),
            "change": change.what,
            "before": _marks(change.before),
            "after": _marks(change.after),
            "items": [
                {"item": item.title, "before": _marks(item.before), "after": _marks(item.after)}
                for item in change.items
            ],
        }
        for change in changes.changed
    ]


def _marks(graded: SubmissionResult | ItemResult | None) -> dict[str, Any] | None:
    if graded is None:
        return None
    return {"outcome": graded.outcome, "score": graded.score, "max_score": graded.max_score}


def _by_name(result: ClassResult) -> dict[str, SubmissionResult]:
    """By the student's name as ``results.json`` has it."""
    return {clean(one.student, SENTENCE_LIMIT): one for one in result.submissions}


def _change(name: str, before: SubmissionResult | None, after: SubmissionResult | None) -> Change | None:
    was = {item.id: item for item in before.items} if before else {}
    now = {item.id: item for item in after.items} if after else {}
    pairs = [(was.get(id), now.get(id)) for id in dict.fromkeys([*now, *was])]
    items = [ItemChange((new or old).title, old, new) for old, new in pairs if _marks(old) != _marks(new)]
    if not items and _marks(before) == _marks(after):
        return None
    return Change(name, before, after, tuple(items) if before and after else ())


def _mean(submissions: Iterable[SubmissionResult]) -> float | None:
    scores = [one.score for one in submissions if one.score is not None]
    return statistics.fmean(scores) if scores else None
