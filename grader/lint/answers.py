"""Hand-ins whose score is known beforehand: the solution, the stub, answers made without looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader.cases import Attempts, with_attempts
from grader.diagnosis.answers import digest
from grader.errors import AssignmentError, SubmissionError
from grader.intake import extract
from grader.lint.evidence import Run, as_array, observe, score
from grader.lint.records import Check
from grader.records import Assignment, CallOutcome, Source
from grader.release import student_notebook
from grader.student import Box, LocalBox

#: The share of the points that an answer made without looking may earn.
TRIVIAL_SHARE = 0.1
#: What the right answer was, and the first argument -> another answer.
Answer = Callable[[np.ndarray, Any], Any]


def solution(assignment: Assignment) -> Source:
    """The notebook, as it would be handed in."""
    return _source(assignment, assignment.notebook.read_bytes())


def _source(assignment: Assignment, data: bytes) -> Source:
    try:
        return extract.source(assignment.notebook.name, data)
    except SubmissionError as problem:
        raise AssignmentError(f"{assignment.notebook.name} cannot be read: {problem}") from None


# ------------------------------------------------------------------ the solution and the stub
def full_marks(assignment: Assignment, bank_solution: Box, seed: int) -> Check:
    """The notebook and the bank's solution earn everything."""
    notebook = LocalBox.from_source(solution(assignment))
    boxes = {assignment.notebook.name: notebook, "misconceptions.py": bank_solution}
    problems = [
        f"{assignment.notebook.name} defines no {function}, for which assignment.toml asks"
        for function in assignment.functions
        if function not in notebook.namespace
    ]
    problems += [
        f"{case.place}: {case.case.name} finds {name} wrong"
        for name, run in _runs(assignment, seed, boxes)
        for case in run
        if not case.has_passed
    ]
    detail = f"{' and '.join(boxes)}: {assignment.max_score:g} points"
    return Check("the solution earns everything", detail, tuple(problems))


def stub(assignment: Assignment, seed: int) -> Check:
    """What is handed out earns nothing."""
    handed_out = student_notebook(assignment.notebook.read_text(encoding="utf-8"))
    boxes = {"the stub": LocalBox.from_source(_source(assignment, handed_out.encode()))}
    [(_, run)] = _runs(assignment, seed, boxes)
    problems = [f"{case.place}: {case.case.name} gives points for it" for case in run if case.points]
    detail = f"{score(run):g} of {assignment.max_score:g} points"
    return Check("the stub earns nothing", detail, tuple(problems))


# ------------------------------------------------------------------ answers made without looking
def trivial(assignment: Assignment, right: Box, seed: int) -> Check:
    """Zeros, ones and the like earn next to nothing, also beside public examples learnt by heart."""
    by_heart = _Learning(right)
    with_attempts(assignment, seed, lambda attempts: observe(attempts, by_heart), visibility="public")
    boxes = {words: _Trivial(right, answer) for words, answer in _ANSWERS.items()}
    boxes |= {f"public examples by heart, else {words}": _Trivial(right, answer, by_heart.answers)
              for words, answer in _ANSWERS.items()}  # fmt: skip
    runs = dict(_runs(assignment, seed, boxes))
    most = max(runs, key=lambda words: score(runs[words]))
    allowed = TRIVIAL_SHARE * assignment.max_score
    problems = [_earnings(words, run) for words, run in runs.items() if score(run) > allowed]
    detail = f"{len(runs)} answers; at most {score(runs[most]):g} of {assignment.max_score:g} points ({most})"
    return Check(f"trivial answers earn at most {TRIVIAL_SHARE:.0%}", detail, tuple(problems))


def _earnings(words: str, run: Run) -> str:
    gained = ", ".join(case.case.name for case in run if case.points)
    return f"{words}: {score(run):g} points, from {gained}"


def _filled(value: float, right: np.ndarray, first: Any) -> np.ndarray:
    dtype = right.dtype if right.dtype.kind == "f" else np.result_type(right.dtype, type(value))
    return np.full(right.shape, value, dtype)


def _mean_of_first(right: np.ndarray, first: Any) -> np.ndarray:
    numbers = as_array(first)
    mean = 0.0 if numbers is None or not numbers.size else float(np.mean(numbers))
    return _filled(mean, right, first)


_ANSWERS: dict[str, Answer] = {
    "zeros": partial(_filled, 0),
    "ones": partial(_filled, 1),
    "halves": partial(_filled, 0.5),
    "NaN": partial(_filled, float("nan")),
    "the first argument": lambda right, first: first,
    "the first argument's mean": _mean_of_first,
}


class _Trivial:
    """Answers of the right shape and type, made without looking at the numbers.

    The shape is the solution's, which is more than such a hand-in would know. `known` holds answers learnt by
    heart, by the call that they belong to.
    """

    def __init__(self, right: Box, answer: Answer, known: dict[str, CallOutcome] | None = None) -> None:
        self._right, self._answer, self._known = right, answer, known or {}

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        known = self._known.get(digest(function, args, kwargs))
        if known is not None:
            return known
        outcome = self._right.call(function, args, kwargs, seed)
        value = as_array(outcome.value)
        if outcome.status != "returned" or value is None:
            return outcome
        return replace(outcome, value=self._answer(value, args[0] if args else None))


class _Learning:
    """The solution, whose answers are kept."""

    def __init__(self, right: Box) -> None:
        self._right, self.answers = right, {}

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        outcome = self._right.call(function, args, kwargs, seed)
        return self.answers.setdefault(digest(function, args, kwargs), outcome)


# ------------------------------------------------------------------ right answers, rounded otherwise
def rounded(assignment: Assignment, right: Box, seed: int) -> Check:
    """Right solutions that round at other places earn everything, too."""
    boxes = {words: _Rounded(right, change) for words, change in _ROUNDINGS.items()}
    problems = [
        f"{case.place}: {case.case.name} finds it wrong {words}, by {case.margin:.3g} tolerances"
        for words, run in _runs(assignment, seed, boxes)
        for case in run
        if not case.has_passed
    ]
    return Check("right solutions that round otherwise pass", "; ".join(boxes), tuple(problems))


def _is_float(argument: Any, axes: int = 1) -> bool:
    return isinstance(argument, np.ndarray) and argument.dtype.kind == "f" and argument.ndim >= axes


def _of_maps(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Any], Any]:
    """The change for feature maps alone; boxes and points stay as they are."""
    return lambda argument: change(argument) if _is_float(argument, _MAP_AXES) else argument


def _last_place(feature_map: np.ndarray) -> np.ndarray:
    """Every other number a unit in the last place up, the others down."""
    ways = np.where(np.arange(feature_map.size) % 2, np.inf, -np.inf).reshape(feature_map.shape)
    return np.nextafter(feature_map, ways.astype(feature_map.dtype))


def _same_in_float32(argument: Any) -> Any:
    if not _is_float(argument):
        return argument
    with np.errstate(over="ignore"):
        single = argument.astype(np.float32)
    return single if np.array_equal(single, argument, equal_nan=True) else argument


#: A map has channels, rows and columns.
_MAP_AXES = 3
_ROUNDINGS: dict[str, Callable[[Any], Any]] = {
    "on maps of float32": _of_maps(lambda feature_map: feature_map.astype(np.float32)),
    "on maps of extended precision": _of_maps(lambda feature_map: feature_map.astype(np.longdouble)),
    "on maps a unit in the last place off": _of_maps(_last_place),
    "on float32 arrays of the same numbers": _same_in_float32,
}


class _Rounded:
    """The solution on other arrays; its result has the data type that it has without that."""

    def __init__(self, right: Box, change: Callable[[Any], Any]) -> None:
        self._right, self._change = right, change

    def call(self, function: str, args: tuple, kwargs: dict, seed: int = 0) -> CallOutcome:
        plain = self._right.call(function, args, kwargs, seed)
        other = self._right.call(function, tuple(map(self._change, args)), kwargs, seed)
        if not isinstance(other.value, np.ndarray) or not isinstance(plain.value, np.ndarray):
            return other
        return replace(other, value=other.value.astype(plain.value.dtype))


def _runs(assignment: Assignment, seed: int, boxes: dict[str, Box]) -> Iterator[tuple[str, Run]]:
    def body(attempts: Attempts) -> list[tuple[str, Run]]:
        return [(words, observe(attempts, box)) for words, box in boxes.items()]

    return iter(with_attempts(assignment, seed, body))
