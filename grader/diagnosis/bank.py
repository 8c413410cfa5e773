"""An assignment's bank of ideas: its right solution in steps, and what people put in place of a step.

``grading/misconceptions.py`` is the instructor's own code, as trusted as the hidden tests: its functions run
in this process. A candidate puts ideas in place of their steps; ideas of different steps combine.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from grader.alarm import TooLong, time_limit
from grader.errors import AssignmentError
from grader.records import Assignment, CallOutcome, Idea, Kind

#: The bank's tables, and what an entry of each is.
TABLES: Mapping[str, Kind] = {"MISCONCEPTIONS": "misconception", "OTHER_CONVENTIONS": "convention"}


#: How long a bank's file may take, and how many further inputs are drawn from it.
FILE_SECONDS, MAX_PROBES = 20.0, 10_000

#: A set of ideas, in the order of the file.
Names = tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """A function asked of the student, and what it is called with."""

    function: str
    args: tuple
    kwargs: Mapping[str, Any]


class Bank:
    """The ideas of one assignment.

    Attributes
    ----------
    ideas : tuple of Idea
        In the order of the file.
    steps_of : mapping of names of ideas to the steps they stand in place of, mostly one
    functions : tuple of str
        The functions asked of the student.
    """

    def __init__(self, functions: tuple[str, ...], namespace: dict[str, Any], probes: Callable) -> None:
        self.functions = functions
        self._namespace, self._probes = namespace, probes
        self._right = dict(namespace)
        self.steps_of: dict[str, tuple[str, ...]] = {}
        self.ideas = tuple(self._ideas())
        self._order = {idea.name: number for number, idea in enumerate(self.ideas)}

    def candidate(self, *names: str) -> Candidate:
        """The solution with these ideas in place of their steps; without names, the right solution."""
        return Candidate(names, self)

    def can_combine(self, names: Names) -> bool:
        """Whether the ideas can be put in place together: no two of them in one step."""
        steps = [step for name in names for step in self.steps_of[name]]
        return len(steps) == len(set(steps))

    def in_order(self, names: Iterable[str]) -> Names:
        """The names in the file's order: a set of ideas is written in one way."""
        return tuple(sorted(names, key=self._order.__getitem__))

    def probes(self, rng: np.random.Generator) -> tuple[Call, ...]:
        """Random inputs that tell ideas apart; AssignmentError where ``probes.py`` fails."""
        with _of_file("probes.py"):
            calls = tuple(_call(*made) for made in islice(self._probes(rng), MAX_PROBES))
        for call in calls:
            if call.function not in self.functions:
                raise AssignmentError(f"probes.py calls {call.function!r}, which nobody is asked for")
        return calls

    @cached_property
    def parameters(self) -> dict[str, inspect.Signature]:
        """How the functions asked of the student are called."""
        return {name: inspect.signature(self._right[name]) for name in self.functions}

    @contextmanager
    def put_in_place(self, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """The file's own namespace, with the steps replaced for as long as the block lasts."""
        replaced = {step: self._right[name] for name in names for step in self.steps_of[name]}
        self._namespace.update(replaced)
        try:
            yield self._namespace
        finally:
            self._namespace.update({step: self._right[step] for step in replaced})

    def _ideas(self) -> Iterator[Idea]:
        for table, kind in TABLES.items():
            for step, versions in self._namespace[table].items():
                for wrong in versions:
                    known = self.steps_of.get(wrong.__name__, ())
                    self.steps_of[wrong.__name__] = (*known, step)
                    if known:
                        continue
                    sentence = " ".join((wrong.__doc__ or "").split())
                    yield Idea(wrong.__name__, kind, sentence, self._namespace["SECTIONS"][step])


@dataclass(frozen=True)
class Candidate:
    """A possible explanation, which can be called as a student's work: a ``grader.student.Box``."""

    is_own_code = True

    names: tuple[str, ...]
    bank: Bank

    def call(self, function: str, args: tuple, kwargs: Mapping, seed: int = 0) -> CallOutcome:
        """Call with copies of the arguments; an exception becomes an outcome."""
        given, named = _copied(args), {name: _copied(value) for name, value in kwargs.items()}
        with self.bank.put_in_place(self.names) as namespace, _quiet():
            try:
                value = namespace[function](*given, **named)
            except Exception as error:
                return CallOutcome("error", type(error).__name__)
        changed = tuple(i for i, pair in enumerate(zip(given, args, strict=True)) if _differ(*pair))
        return CallOutcome("returned", value=value, changed=changed)


def plain_name(name: str) -> str:
    """The idea of a variant: ``nearest`` of ``nearest__halves_to_even``."""
    return name.partition("__")[0]


def load(assignment: Assignment) -> Bank:
    """The bank of an assignment; AssignmentError, with the file's name, where it is not what it must be."""
    folder = assignment.folder / "grading"
    first = folder / "solution.py"  # a large bank has its right solution in a file of its own
    namespace = _executed(first) if first.is_file() else {}
    _executed(folder / "misconceptions.py", namespace)
    for table in (*TABLES, "SECTIONS"):
        if not isinstance(namespace.get(table), dict):
            raise AssignmentError(f"misconceptions.py has no dict {table}")
    for function in assignment.functions:
        if not callable(namespace.get(function)):
            raise AssignmentError(f"misconceptions.py has no function {function} (the right one)")
    for table in TABLES:
        for step, versions in namespace[table].items():
            if not isinstance(versions, (list, tuple)):
                raise AssignmentError(f"misconceptions.py: {table} has no tuple of functions for {step!r}")
            _check_step(namespace, step, versions)
    probes = _executed(folder / "probes.py").get("probes")
    if not callable(probes):
        raise AssignmentError("probes.py has no function probes(rng)")
    return Bank(assignment.functions, namespace, probes)


def has_bank(assignment: Assignment) -> bool:
    """Whether there is one: an assignment without is graded without a diagnosis."""
    return (assignment.folder / "grading" / "misconceptions.py").is_file()


def _check_step(namespace: dict[str, Any], step: str, versions: Sequence) -> None:
    if not callable(namespace.get(step)):
        raise AssignmentError(f"misconceptions.py names the step {step!r}, which is no function there")
    if not isinstance(namespace["SECTIONS"].get(step), str):
        raise AssignmentError(f"misconceptions.py: SECTIONS has no section for the step {step!r}")
    for wrong in versions:
        name = getattr(wrong, "__name__", repr(wrong))
        if namespace.get(name) is not wrong or not callable(wrong):
            raise AssignmentError(f"misconceptions.py: {name}, in place of {step}, is no function there")
        if not (inspect.getdoc(wrong) or "").strip():
            raise AssignmentError(f"misconceptions.py: {name} needs a docstring: it is what students read")


def _executed(path: Path, namespace: dict[str, Any] | None = None) -> dict[str, Any]:
    namespace = {} if namespace is None else namespace
    namespace.update(__name__=path.stem, __file__=str(path))
    try:
        text = path.read_bytes()
    except OSError as problem:
        raise AssignmentError(f"{path.name} cannot be read: {problem.strerror}") from None
    with _of_file(path.name):
        exec(compile(text, str(path), "exec"), namespace)
    return namespace


def _call(function: str, args: Iterable, kwargs: Mapping[str, Any]) -> Call:
    return Call(function, tuple(args), dict(kwargs))


@contextmanager
def _of_file(name: str) -> Iterator[None]:
    """What goes wrong in a bank's file, or takes too long, is one sentence that names it."""
    try:
        with time_limit(FILE_SECONDS):
            yield
    except (Exception, SystemExit) as problem:
        raise AssignmentError(f"{name}: {type(problem).__name__}: {problem}") from None
    except TooLong:
        raise AssignmentError(f"{name}: it takes more than {FILE_SECONDS:g} s") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Wrong solutions overflow and divide by zero, as students' do."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _copied(value: Any) -> Any:
    """As ``copy.deepcopy``, in a tenth of its time: arguments are arrays, numbers, and lists of them."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(map(_copied, value))
    return value


def _differ(now: Any, was: Any) -> bool:
    return isinstance(was, np.ndarray) and now.tobytes() != was.tobytes()
