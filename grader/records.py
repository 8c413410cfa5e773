"""The records that travel through the grader: frozen, plain, no I/O.

Names are those of the graders' world: an *assignment* has *rubric items*, each checked by *cases* (pytest
functions); a *submission* is one student's source; every case ends in exactly one *outcome*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Outcome = Literal[
    "correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed", "refused", "skipped",
    "internal_error",
]
#: From best to worst: an item's outcome is the worst of its cases'. ``internal_error`` is ours, never a zero.
OUTCOMES: tuple[Outcome, ...] = (
    "correct", "wrong", "error", "timeout", "memory", "output_limit", "crashed", "refused", "skipped",
    "internal_error",
)
Visibility = Literal["public", "hidden"]
#: A known mistake; another layer, rightly computed; a regularity of the outputs that no idea gives.
Kind = Literal["misconception", "convention", "behaviour"]


# ------------------------------------------------------------------ what is graded
@dataclass(frozen=True)
class RubricItem:
    """One line of the rubric; its points are the sum of the points of the cases that carry its id."""

    id: str  # also the grade_id of its cell in the notebook
    title: str
    max_score: float


@dataclass(frozen=True)
class Assignment:
    """One folder of ``assignments/``: see ``grader.assignment.load``."""

    name: str
    title: str
    folder: Path
    functions: tuple[str, ...]
    rubric: tuple[RubricItem, ...]
    manual: tuple[RubricItem, ...]  # answers a person grades; never scored here
    limits: Mapping[str, float] = field(default_factory=dict)  # overrides of grader.sandbox.Limits

    @property
    def notebook(self) -> Path:
        return self.folder / f"{self.name}.ipynb"

    @property
    def public_tests(self) -> Path:
        return self.folder / "test_public.py"

    @property
    def hidden_tests(self) -> Path:
        return self.folder / "grading" / "test_hidden.py"

    @property
    def max_score(self) -> float:
        return sum(item.max_score for item in self.rubric)


# ------------------------------------------------------------------ what is handed in
@dataclass(frozen=True)
class Cell:
    """A piece of source and the name that tracebacks show for it: ``cell 3`` or ``roi_pool.py``."""

    label: str
    text: str


@dataclass(frozen=True)
class Source:
    """A student's code. Of a notebook only definitions and assignments run (``sandbox/loader.py``)."""

    cells: tuple[Cell, ...]
    is_notebook: bool
    notes: tuple[str, ...] = ()  # what was left out on the way, one sentence each
    modules: tuple[Cell, ...] = ()  # files beside it that it may import; the label is the file's name


@dataclass(frozen=True)
class Submission:
    """One student's hand-in; ``source`` is None when it was refused, and ``refusal`` says why."""

    student: str
    path: str  # as the instructor would write it, for reports
    source: Source | None
    refusal: str = ""
    is_ours: bool = False  # refused for what is not the student's doing: not graded, rather than 0


# ------------------------------------------------------------------ what one call gave
CallStatus = Literal["returned", "error", "timeout", "memory", "output_limit", "crashed", "refused"]


@dataclass(frozen=True)
class CallOutcome:
    """What one call of a student's function came to; ``value`` counts when ``status`` is ``returned``."""

    status: CallStatus
    sentence: str = ""  # one sentence for the student, cleaned of control characters
    value: Any = None
    phase: Literal["import", "lookup", "call", "return"] = "call"
    changed: tuple[int, ...] = ()  # positions of array arguments that were changed in place (the box's word)
    stdout: str = ""
    stderr: str = ""
    traceback: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class CallRecord:
    """One call that a case made; ``outcome.changed`` names the array arguments changed in place."""

    function: str
    args: tuple
    kwargs: Mapping[str, Any]
    outcome: CallOutcome


# ------------------------------------------------------------------ what came of it
@dataclass(frozen=True)
class CaseResult:
    """One pytest function, run against one submission."""

    case: str  # the function's name
    rubric: str
    idea: str  # the docstring's first paragraph: the sentence that students read
    visibility: Visibility
    outcome: Outcome
    score: float | None  # None: not graded (internal_error)
    max_score: float
    sentence: str = ""  # what was expected and what came; empty when correct
    picture: str = ""  # SVG of the failing RoI, made by roikit alone, or empty
    traceback: str = ""  # student's own, cleaned; shown for public cases only
    printed: str = ""  # by the student's code in a failing public case, cleaned and cut
    seconds: float = 0.0


@dataclass(frozen=True)
class ItemResult:
    """One rubric item of one submission."""

    id: str
    title: str
    outcome: Outcome
    score: float | None
    max_score: float
    sentence: str
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True)
class Idea:
    """What a student may have thought: an entry of the assignment's bank, or a behaviour seen."""

    name: str  # "nearest_ends": the name of its function in the bank
    kind: Kind
    sentence: str  # what its author reads
    section: str  # the heading in the notebook to go back to; empty if there is none


@dataclass(frozen=True)
class Finding:
    """One idea that explains wrong outputs; several findings of one function act together."""

    idea: Idea
    functions: tuple[str, ...]  # whose outputs it explains, in the assignment's order
    agreeing: int  # calls with a wrong outcome that it reproduces
    against: int  # those that it does not: they raised, or came to no number
    confidence: float  # 0 to 1
    cases: tuple[str, ...]  # where these calls were made; the grader's own further inputs have no case


@dataclass(frozen=True)
class Signature:
    """What a function gave on the hidden inputs on which it is wrong: equal digests, equal wrong outputs."""

    function: str
    digest: str
    calls: int  # wrong calls that went into it
    explained: bool  # by the findings: then equal digests say little


@dataclass(frozen=True)
class Diagnosis:
    """What is behind the wrong outputs of one submission; empty for a right one."""

    findings: tuple[Finding, ...] = ()
    unexplained: tuple[str, ...] = ()  # functions with wrong outputs that nothing explains
    signatures: tuple[Signature, ...] = ()
    problem: str = ""  # why there is none, where the fault is ours: for the instructor


@dataclass(frozen=True)
class SubmissionResult:
    """One submission, graded; ``score`` is None while any case of it is an ``internal_error``."""

    student: str
    path: str
    outcome: Outcome
    score: float | None
    max_score: float
    items: tuple[ItemResult, ...]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    diagnosis: Diagnosis = Diagnosis()


@dataclass(frozen=True)
class SandboxReport:
    """How student code was held in this run: written into every result."""

    rung: str  # "bubblewrap", "bubblewrap-root", "bubblewrap-noproc", "reduced", "none"
    missing: tuple[str, ...] = ()  # the walls that this rung does not have, one phrase each

    @property
    def is_full(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class ClassResult:
    """One run of ``roikit grade``: everything the reports are made of."""

    assignment: Assignment
    submissions: Sequence[SubmissionResult]  # maybe read anew at each pass: see grader.report.overview
    sandbox: SandboxReport
    seed: int
    started: str  # ISO 8601, UTC
    finished: str
    roikit_version: str
    complete: bool = True  # False when the run was interrupted; what was graded is here
