"""What the reports share: a class in numbers, what a student may see, signs of the outcomes. Pure."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from grader import feedback
from grader.records import (
    CaseResult,
    ClassResult,
    Diagnosis,
    ItemResult,
    Outcome,
    RubricItem,
    SubmissionResult,
)
from grader.report import ideas
from grader.sandbox.text import clean_line

#: Characters of one sentence and of one traceback that a report shows.
SENTENCE_LIMIT = 600
TRACEBACK_LIMIT = 6000
#: What a student reads where the grader itself failed.
NOT_GRADED = "Not graded yet: the grader failed here, not you. Your instructor knows."
#: Sentences shown of one rubric item, the most frequent first.
FREQUENT = 3
#: Bars of the score distribution.
BARS = 10
#: Students from whom on a correlation says anything, and of the slowest submissions the number shown.
FEWEST, SLOWEST = 10, 5


@dataclass(frozen=True)
class Sign:
    """How an outcome looks: a symbol (never colour alone), its ASCII twin, a word, and a colour class."""

    symbol: str
    ascii: str
    word: str
    tone: str  # good, part, bad, none


_SIGNS: dict[Outcome, Sign] = {
    "correct": Sign("✓", "+", "correct", "good"),
    "wrong": Sign("✗", "x", "wrong", "bad"),
    "error": Sign("E", "E", "error", "bad"),
    "timeout": Sign("T", "T", "time limit", "bad"),
    "memory": Sign("M", "M", "memory limit", "bad"),
    "output_limit": Sign("O", "O", "output limit", "bad"),
    "crashed": Sign("C", "C", "crashed", "bad"),
    "refused": Sign("R", "R", "refused", "bad"),
    "skipped": Sign("–", "-", "skipped", "none"),
    "internal_error": Sign("?", "?", "not graded", "none"),
}
PARTLY = Sign("◐", "o", "partly", "part")
LEGEND: tuple[Sign, ...] = (_SIGNS["correct"], PARTLY, *[s for o, s in _SIGNS.items() if o != "correct"])


def sign(result: CaseResult | ItemResult | SubmissionResult) -> Sign:
    """Return the sign of a result: its outcome's, or "partly" where a wrong one earned some points.

    Any other outcome that earned points keeps its letter and takes the colour of "partly".
    """
    found = _SIGNS[result.outcome]
    if found.tone == "bad" and result.score is not None and result.score > 0:
        return PARTLY if result.outcome == "wrong" else replace(found, tone="part")
    return found


def number(value: float | None) -> str:
    """Return a score as people write it: at most two decimals; a dash for "not graded".

    >>> number(0.1 + 0.2), number(3.0), number(None)
    ('0.3', '3', '–')
    """
    return "–" if value is None else f"{round(value, 2):.10g}"


def score_text(score: float | None, max_score: float) -> str:
    """Return ``"2.5 / 3"``, or ``"not graded"`` where there is no score."""
    return "not graded" if score is None else f"{number(score)} / {number(max_score)}"


# ------------------------------------------------------------------ what a student may see
def for_student(submission: SubmissionResult) -> SubmissionResult:
    """Return the submission as its student may see it: of a hidden case only the idea and the outcome.

    The items' sentences are made anew from what is left, since they may quote a hidden case. What the grader
    says about its own failure, and the evidence of the findings, are for the instructor.
    """
    ours = {item.sentence for item in submission.items if item.outcome == "internal_error"}
    return replace(
        submission,
        items=tuple(map(_item_for_student, submission.items)),
        notes=tuple(note for note in submission.notes if note not in ours),
        diagnosis=diagnosis_for_student(submission.diagnosis),
    )


def diagnosis_for_student(diagnosis: Diagnosis) -> Diagnosis:
    """Return the findings without what they rest on: counts, and digests of hidden results."""
    findings = tuple(replace(finding, agreeing=0, against=0) for finding in diagnosis.findings)
    return replace(diagnosis, findings=findings, signatures=(), problem="")


def _item_for_student(item: ItemResult) -> ItemResult:
    if item.outcome == "internal_error":
        sentence = NOT_GRADED
    elif item.cases:
        sentence = _open_sentence(item.cases)
    else:
        sentence = item.sentence  # refused before any case ran: it quotes none
    return replace(item, cases=tuple(map(case_for_student, item.cases)), sentence=sentence)


def case_for_student(case: CaseResult) -> CaseResult:
    """Return a case as its student may see it; a public one unchanged."""
    if case.outcome == "internal_error":
        case = replace(case, sentence="", picture="", traceback="", printed="")
    if case.visibility == "public":
        return case
    return replace(case, sentence="", picture="", traceback="", printed="", seconds=0.0)


def _open_sentence(cases: Iterable[CaseResult]) -> str:
    failing = [case for case in cases if case.outcome != "correct"]
    for case in failing:
        if case.visibility == "public" and case.sentence:
            return case.sentence
    return f"Does not hold yet ({_SIGNS[failing[0].outcome].word}): {failing[0].idea}" if failing else ""


# ------------------------------------------------------------------ what to do next
#: Sentences on what stops, at most; the page has them all below.
_MOST_STEPS = 3


def first_public(cases: Iterable[CaseResult]) -> str:
    """Return the idea of the first public case that fails, or nothing."""
    failing = (case.idea for case in cases if case.visibility == "public" and case.outcome != "correct")
    return next(failing, "")


def told_of(item: ItemResult, diagnosis: Diagnosis) -> feedback.Told:
    """Return the findings that explain one rubric item, in words."""
    return feedback.told(Diagnosis(ideas.of_item(item, diagnosis)), first_public(item.cases))


def stops(submission: SubmissionResult) -> tuple[str, ...]:
    """Return what is to be mended beside the findings, a sentence each; of `for_student`'s result.

    That is code that does not run to its end, and wrong items that no finding and no ``unexplained`` covers.
    """
    told = submission.diagnosis
    sentences = []
    for item in submission.items:
        is_covered = item.outcome == "wrong" and (ideas.of_item(item, told) or told.unexplained)
        if item.outcome not in ("correct", "internal_error") and item.sentence and not is_covered:
            sentences.append(item.sentence)
    # A file that does not run leaves every function undefined, for one reason: said once.
    by_reason: dict[str, str] = {}
    for sentence in sentences:
        by_reason.setdefault(sentence.partition(" is not defined: ")[2] or sentence, sentence)
    return tuple(by_reason.values())[:_MOST_STEPS]


# ------------------------------------------------------------------ a class in numbers
@dataclass(frozen=True)
class Bar:
    """One bar of the score distribution: scores in [low, high), the last one [low, high]."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Said:
    """What was found of a rubric item, and of how many students."""

    text: str
    times: int
    is_idea: bool  # the assignment's words; else a sentence, which may quote a student


@dataclass(frozen=True)
class ItemSummary:
    """One rubric item over the whole class."""

    item: RubricItem
    graded: int
    correct: int
    mean: float | None
    discrimination: float | None  # None where it says nothing
    outcomes: tuple[tuple[Sign, int], ...]  # of how many students, in the order of the legend
    said: tuple[Said, ...]  # the most frequent first

    @property
    def share(self) -> float | None:
        """Share of the graded submissions that have this item correct, 0 to 1."""
        return self.correct / self.graded if self.graded else None


@dataclass(frozen=True)
class Slow:
    """A submission that took long, and the case in which it took longest."""

    place: int  # in the class
    seconds: float
    case: CaseResult | None


@dataclass(frozen=True)
class ClassSummary:
    """The numbers at the top of a report; mean and median leave out what was not graded."""

    students: int
    graded: int
    full: int
    max_score: float
    mean: float | None
    median: float | None
    bars: tuple[Bar, ...]
    items: tuple[ItemSummary, ...]
    slowest: tuple[Slow, ...]  # the slowest first
    seconds: float | None  # median of a submission

    @property
    def not_graded(self) -> int:
        return self.students - self.graded


def summarize(result: ClassResult) -> ClassSummary:
    """Return the numbers of a class: of scores 0, 1 and 5 and one not graded, the mean is 2, the median 1."""
    scores = [s.score for s in result.submissions if s.score is not None and math.isfinite(s.score)]
    times = [s.seconds for s in result.submissions if s.seconds > 0]
    max_score = result.assignment.max_score
    return ClassSummary(
        students=len(result.submissions),
        graded=len(scores),
        full=sum(score >= max_score for score in scores),
        max_score=max_score,
        mean=statistics.fmean(scores) if scores else None,
        median=statistics.median(scores) if scores else None,
        bars=_bars(scores, max_score),
        items=tuple(_item_summary(item, result) for item in result.assignment.rubric),
        slowest=_slowest(result),
        seconds=statistics.median(times) if times else None,
    )


def _slowest(result: ClassResult) -> tuple[Slow, ...]:
    """The slowest; a refused submission took no time."""
    found = []
    for place, submission in enumerate(result.submissions):
        cases = [case for item in submission.items for case in item.cases]
        longest = max(cases, key=lambda case: case.seconds, default=None)
        if submission.seconds > 0:
            found.append(Slow(place, submission.seconds, longest))
    return tuple(sorted(found, key=lambda slow: -slow.seconds)[:SLOWEST])


def not_graded(result: ClassResult) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return why submissions are not graded, a sentence each, and the places of whom that holds for."""
    return _reasons(result, lambda submission: submission.score is None)


def refused(result: ClassResult) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return the same of submissions of which nothing was run, for a score of 0."""
    return _reasons(
        result, lambda one: one.outcome == "refused" and not any(item.cases for item in one.items)
    )


def _reasons(
    result: ClassResult, holds: Callable[[SubmissionResult], bool]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The sentence of the first item that made a submission's outcome, and the places of all that have it."""
    reasons: dict[str, list[int]] = {}
    for place, submission in enumerate(result.submissions):
        if holds(submission):
            told = (item.sentence for item in submission.items if item.outcome == submission.outcome)
            reason = next(told, "").removeprefix(feedback.not_graded(""))
            reasons.setdefault(clean_line(reason, SENTENCE_LIMIT), []).append(place)
    return tuple((reason, tuple(places)) for reason, places in reasons.items())


def _bars(scores: list[float], max_score: float) -> tuple[Bar, ...]:
    if not 0 < max_score < math.inf:
        return ()
    shares = (min(score / max_score, 1) for score in scores)
    counts = Counter(min(int(share * BARS + 1e-9), BARS - 1) for share in shares)
    width = max_score / BARS
    return tuple(Bar(i * width, (i + 1) * width, counts[i]) for i in range(BARS))


def _item_summary(item: RubricItem, result: ClassResult) -> ItemSummary:
    pairs = [(i, s.diagnosis) for s in result.submissions for i in s.items if i.id == item.id]
    found = [i for i, _ in pairs]
    scores = [i.score for i in found if i.score is not None]
    said = Counter(each for i, diagnosis in pairs for each in _said(i, diagnosis))
    return ItemSummary(
        item=item,
        graded=len(scores),
        correct=sum(i.outcome == "correct" and i.score is not None for i in found),
        mean=statistics.fmean(scores) if scores else None,
        discrimination=_discrimination(item, result),
        outcomes=_outcomes(found),
        said=tuple(Said(text, times, is_idea) for (text, is_idea), times in said.most_common(FREQUENT)),
    )


def _discrimination(item: RubricItem, result: ClassResult) -> float | None:
    """The correlation of the scores in an item with those in all others together, over the graded students.

    None for fewer than `FEWEST` of them, and where either is the same for all.
    """
    own, rest = [], []
    for submission in result.submissions:
        scores = {entry.id: entry.score for entry in submission.items}
        if item.id in scores and None not in scores.values():
            own.append(scores.pop(item.id))
            rest.append(round(math.fsum(scores.values()), 9))  # as the scores are: sums that are equal, are
    if len(own) < FEWEST or len(set(own)) < 2 or len(set(rest)) < 2:
        return None
    return statistics.correlation(own, rest)


def _outcomes(found: list[ItemResult]) -> tuple[tuple[Sign, int], ...]:
    counts = Counter(sign(each).word for each in found)
    return tuple((shown, counts[shown.word]) for shown in LEGEND if counts[shown.word])


def _said(item: ItemResult, diagnosis: Diagnosis) -> list[tuple[str, bool]]:
    """The ideas behind an item that is not correct, and its sentence where they are not all of it.

    Where no case was run, that is said once: see `refused` and `not_graded`.
    """
    if not item.cases:
        return []
    found = [(finding.idea.sentence, True) for finding in ideas.of_item(item, diagnosis)]
    is_told = item.outcome == "correct" or (item.outcome == "wrong" and found)
    if item.sentence and not is_told:
        found.append((clean_line(item.sentence, SENTENCE_LIMIT), False))
    return found
