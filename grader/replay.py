"""``roikit report --explain``: one case of one student again, in the sandbox, to be looked at closely."""

from __future__ import annotations

import ast
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from grader import course, fingerprint, interrupts, rehearsal, where, written
from grader.alarm import TooLong, time_limit
from grader.attempts import Attempt
from grader.cases import Attempts, with_attempts
from grader.errors import GraderError, meant
from grader.grading import handed_in
from grader.intake.extract import shown
from grader.pipeline import Plan
from grader.records import (
    Assignment,
    CallRecord,
    CaseResult,
    Diagnosis,
    ItemResult,
    RubricItem,
    Submission,
    SubmissionResult,
)
from grader.report import ideas, stored
from grader.report.files import page_names, write_whole
from grader.sandbox import Rung, Sandbox, remove_left
from grader.testing import Mismatch

#: Pictures and inputs go there, apart from ``report/``: those of hidden cases are for the instructor.
FOLDER = "explain"


@dataclass(frozen=True)
class Question:
    """What is to be replayed."""

    graded: Path  # the --output of a run
    student: str
    item: str  # of the rubric: its id, or its number
    rung: Rung
    case: str | None = None  # None: the first that failed in the run
    submissions: Path | None = None  # None: a course's own
    assignment: str | None = None  # None: the course's, or the one of that name


@dataclass(frozen=True)
class Replay:
    """One case, run again."""

    student: str
    item: RubricItem
    case: CaseResult  # as it is now
    before: CaseResult | None  # as it was in the run; None where no case was run
    changed: tuple[str, ...]  # what is not as it was in the run, a sentence each
    where: where.Where
    values: tuple[str, str]  # expected and got, where there is no table of both
    derivation: str
    diagnosis: Diagnosis  # of the run: what is behind this item
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)  # `given` in the call

    @property
    def is_as_before(self) -> bool:
        """Whether it came to the same outcome."""
        return self.before is not None and self.before.outcome == self.case.outcome

    def write(self, graded: Path) -> tuple[Path | None, Path | None]:
        """Write picture and inputs, where there are some, and return where they are."""
        (stem,) = page_names([f"{self.student}-{self.case.case}"])
        picture, inputs = (graded / FOLDER / f"{stem}{suffix}" for suffix in (".svg", ".npz"))
        if self.case.picture:
            write_whole(picture, self.case.picture)
        if self.inputs:
            packed = io.BytesIO()
            np.savez(packed, allow_pickle=False, **self.inputs)
            write_whole(inputs, packed.getvalue())
        return picture if self.case.picture else None, inputs if self.inputs else None


def replay(question: Question) -> Replay:
    """Run one case again.

    Raises
    ------
    GraderError
        There is no such student, item, case, assignment or hand-in; or the hand-in was never run.
    SandboxError
        The sandbox does not work.
    """
    kept = stored.read_whole(question.graded)
    result = kept.result
    graded = _student(result.submissions, question.student)
    item = _item(result.assignment.rubric, question.item)
    name = result.assignment.name
    with (
        interrupts.listening(),
        handed_in(_assignment(question, name), _submissions(question)) as (found, hand_ins),
    ):
        if found.name != name:
            raise GraderError(f"{question.graded} holds results of {name}, not of {found.name}")
        if item.id not in {entry.id for entry in found.rubric}:
            raise GraderError(f"the assignment {name} has no item {item.id!r} any more")
        submission = next((one.read() for one in hand_ins if one.student == graded.student), None)
        if submission is None:
            raise GraderError(f"there is no hand-in of {shown(graded.student)} in {_submissions(question)}")
        if submission.source is None:
            raise GraderError(f"nothing of {shown(graded.student)} can be run: {submission.refusal}")
        plan = Plan(found, question.rung, result.seed)
        attempts = _attempts(plan, submission, item)
    before = next((entry for entry in graded.items if entry.id == item.id), None)
    cases = [attempt.result() for attempt in attempts]
    place = _place(cases, before, question.case)
    changed = _changed(kept.jobs.get(graded.student), plan, submission)
    return _told(graded, item, before, attempts[place], cases[place], changed, found)


def _attempts(plan: Plan, submission: Submission, item: RubricItem) -> tuple[Attempt, ...]:
    """All cases of the item, as the run went through them."""

    def body(attempts: Attempts) -> tuple[Attempt, ...]:
        try:
            with Sandbox(submission.source, plan.limits, plan.rung) as box:
                return tuple(attempts(box))
        finally:
            with interrupts.uninterrupted():
                remove_left()

    return with_attempts(plan.assignment, plan.seed, body, rubric=item.id)


def _told(
    graded: SubmissionResult,
    item: RubricItem,
    before: ItemResult | None,
    attempt: Attempt,
    case: CaseResult,
    changed: tuple[str, ...],
    assignment: Assignment,
) -> Replay:
    earlier = tuple(one for one in (before.cases if before else ()) if one.case == case.case)
    findings = ideas.of_item(replace(before, cases=earlier), graded.diagnosis) if earlier else ()
    calls, inputs = _with_given(attempt.calls, rehearsal.solution(assignment).cells)
    seen = _where(attempt, calls)
    return Replay(
        student=graded.student,
        item=item,
        case=case,
        before=next(iter(earlier), None),
        changed=changed,
        where=seen,
        values=("", "") if seen.table else _values(attempt),
        derivation=_derivation(attempt),
        diagnosis=Diagnosis(findings),
        inputs={name: array for name, array in inputs.items() if repr(_Given(name)) in seen.call},
    )


# ------------------------------------------------------------------ what is meant
def _student(submissions: Sequence[SubmissionResult], student: str) -> SubmissionResult:
    names = [one.student for one in submissions]
    if student not in names:
        told = meant(student, names) if len(names) <= 30 else f"there are {len(names)} others"
        raise GraderError(f"no student {shown(student)} is in the results; {told}")
    return submissions[names.index(student)]


def _item(rubric: Sequence[RubricItem], item: str) -> RubricItem:
    ids = [entry.id for entry in rubric]
    if item in ids:
        return rubric[ids.index(item)]
    if item.isascii() and item.isdigit() and 1 <= int(item[:9]) <= len(rubric):
        return rubric[int(item) - 1]
    known = f"ids and numbers from 1 to {len(ids)} are taken"
    raise GraderError(f"the rubric has no item {shown(item)} ({known}); {meant(item, ids)}")


def _place(cases: Sequence[CaseResult], before: ItemResult | None, name: str | None) -> int:
    """Of the case that was asked for, else of the first that failed in the run, or else fails now."""
    names = [case.case for case in cases]
    if name is not None:
        if name not in names:
            raise GraderError(f"the item has no case {shown(name)}; {meant(name, names)}")
        return names.index(name)
    failing = [case.case for case in (before.cases if before else ()) if case.outcome != "correct"]
    failing += [case.case for case in cases if case.outcome != "correct"]
    return next((names.index(one) for one in failing if one in names), 0)


def _assignment(question: Question, name: str) -> str:
    """Where the assignment lies: as asked for, in the course that the results are in, else by its name."""
    source = course.around(question.graded) / "source" / name
    if question.assignment is None and (source / "grading" / "assignment.toml").is_file():
        return str(source)
    return question.assignment or name


def _submissions(question: Question) -> Path:
    if question.submissions is not None:
        return question.submissions
    submitted = course.around(question.graded) / "submitted"
    if not submitted.is_dir():
        raise GraderError("--explain runs the hand-in again: say where they lie, --submissions SUBMISSIONS")
    return submitted


def _changed(job: stored.Job | None, plan: Plan, submission: Submission) -> tuple[str, ...]:
    """What is not as it was in the run, as far as its journal tells."""
    if job is None:
        return ("The journal does not have this result: whether tests and hand-in are those is not known.",)
    changed = []
    if job.plan != fingerprint.of_plan(plan):
        changed.append("The assignment, the sandbox or roikit is not the one of the run.")
    if job.key != fingerprint.of_submission(job.plan, submission):
        changed.append("The hand-in is not the one that was graded.")
    return tuple(changed)


# ------------------------------------------------------------------ what is shown
class _Given(str):
    """An input that is too long to write out, by the name under which it is kept."""

    def __repr__(self) -> str:
        return f'given["{self}"]'


def _with_given(
    calls: Sequence[CallRecord], cells: Sequence[Any]
) -> tuple[list[CallRecord], dict[str, np.ndarray]]:
    """The calls with names in place of long arrays, and the arrays by these names."""
    arrays: dict[str, np.ndarray] = {}

    def given(name: str, value: Any) -> Any:
        if not isinstance(value, np.ndarray) or not written.value(value).startswith("<"):
            return value
        arrays[name] = value
        return _Given(name)

    named = []
    for number, call in enumerate(calls, 1):
        end = f"_{number}" if len(calls) > 1 else ""
        names = _parameters(call.function, cells)
        names += [f"x{place}" for place in range(len(names) + 1, len(call.args) + 1)]
        args = tuple(given(name + end, value) for name, value in zip(names, call.args, strict=False))
        kwargs = {name: given(name + end, value) for name, value in call.kwargs.items()}
        named.append(replace(call, args=args, kwargs=kwargs))
    return named, arrays


def _parameters(function: str, cells: Sequence[Any]) -> list[str]:
    """What the assignment's own solution calls the arguments."""
    for cell in cells:
        for node in ast.walk(ast.parse(cell.text)):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                return [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return []


def _where(attempt: Attempt, calls: Sequence[CallRecord]) -> where.Where:
    try:
        seen = where.of(attempt.raised, calls)
        return seen if seen.call or not calls else replace(seen, call=written.call(calls[-1]))
    except (ValueError, RecursionError):  # an argument that a student's function made: no text of a number
        return where.Where()


def _values(attempt: Attempt) -> tuple[str, str]:
    """What was expected and what came, each on its line."""
    expected = attempt.raised.comparison.expected if isinstance(attempt.raised, Mismatch) else None
    returned = attempt.calls and attempt.calls[-1].outcome.status == "returned"
    got = _text(attempt.calls[-1].outcome.value) if returned else ""
    return "" if expected is None else _text(expected), got


def _text(value: Any) -> str:
    try:
        return written.value(value)
    except (ValueError, RecursionError):
        return f"<{type(value).__name__}>"


def _derivation(attempt: Attempt) -> str:
    if not isinstance(attempt.raised, Mismatch):
        return ""
    try:
        with time_limit(attempt.limit):
            return attempt.raised.derivation()
    except (Exception, TooLong) as problem:  # an assignment's own explanation
        return f"(no derivation: {type(problem).__name__})"
