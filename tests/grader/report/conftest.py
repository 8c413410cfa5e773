"""A class made by hand: eighteen students of the roi_pool assignment, wrong as people are wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.records import (
    OUTCOMES,
    Assignment,
    CaseResult,
    ClassResult,
    Diagnosis,
    Finding,
    Idea,
    ItemResult,
    RubricItem,
    SandboxReport,
    Signature,
    SubmissionResult,
)

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="90" viewBox="0 0 150 90">'
    '<rect x="1" y="1" width="88" height="88" fill="#eef" stroke="#335"/>'
    '<rect x="23" y="34" width="44" height="44" fill="none" stroke="#c33" stroke-width="2"/></svg>'
)

RUBRIC = (
    RubricItem("quantize_roi", "Quantize the RoI", 3.0),
    RubricItem("bin_edges", "Split a side into bins", 4.0),
    RubricItem("roi_pool", "Pool every bin", 10.0),
    RubricItem("conventions", "The two other conventions", 3.0),
)
ASSIGNMENT = Assignment(
    name="roi_pool",
    title="RoI pooling, step by step",
    folder=Path("roi_pool"),
    functions=("quantize_roi", "bin_edges", "roi_pool"),
    rubric=RUBRIC,
    manual=(RubricItem("mask_question", "What does 665 / 32 do to a mask?", 4.0),),
)

# (item, name, idea, visibility, points)
CASES = (
    ("quantize_roi", "test_scale", "The box is scaled before it is rounded.", "public", 0.0),
    ("quantize_roi", "test_floor", "665 / 32 = 20.78 becomes 20.", "public", 0.5),
    ("quantize_roi", "test_random", "Any box, any scale, floors to whole cells.", "hidden", 2.5),
    ("bin_edges", "test_five", "5 cells in 2 bins: 2 + 3.", "public", 0.5),
    ("bin_edges", "test_disjoint", "Bins touch, and do not overlap.", "hidden", 2.0),
    ("bin_edges", "test_cover", "Every cell of the side is in a bin.", "hidden", 1.5),
    ("roi_pool", "test_worked_example", "The 8×8 map with RoI [0, 3, 7, 8] in 2×2 bins.", "public", 1.0),
    ("roi_pool", "test_channels", "Channels do not mix.", "hidden", 3.0),
    ("roi_pool", "test_negative", "A map of negative values has a negative maximum.", "hidden", 3.0),
    ("roi_pool", "test_batch", "The batch index picks the image.", "hidden", 3.0),
    ("conventions", "test_overlap", "Floor the start, ceil the end: bins may share cells.", "hidden", 3.0),
)

# student -> {case: (outcome, sentence)}; what is not named is correct
WRONG_BIN = "RoI 0, channel 0, bin (1, 0): expected 0.97, got 0.69 (and 2 more of 4 differ)"
NO_SCALE = "RoI 0: expected (0, 0, 20, 20), got (0, 0, 665, 665)"
TRACEBACK = '  File "cell 4", line 3, in roi_pool\n    top = features[b]\n'
LOOP = "roi_pool did not return within 5 s"
HOSTILE = "bin_edges raised E: <img src=x onerror=alert(1)>\u202eevil\x1b[31m [bold]\ud800"
SYNTAX = "roi_pool is not defined: cell 4 raised SyntaxError: '(' was never closed"


def _all(outcome, sentence, prefix=""):
    return {name: (outcome, sentence) for item, name, *_ in CASES if item.startswith(prefix)}


STUDENTS = {
    "ada": {},
    "alan": {},
    "barbara": {},
    "carl": {"test_overlap": ("wrong", "RoI 2, channel 0, bin (0, 1): expected 7, got 6")},
    "dorothy": {"test_negative": ("wrong", "RoI 0, channel 0, bin (0, 0): expected -0.21, got 0")},
    "edsger": _all("wrong", NO_SCALE, "quantize_roi"),
    "emmy": {},
    "frances": {
        "test_disjoint": ("wrong", "bin 1 starts at 2, expected 3"),
        "test_worked_example": ("wrong", WRONG_BIN),
    },
    "grace": {"test_batch": ("error", "roi_pool raised IndexError: index 3 is out of bounds")},
    "hedy": _all("timeout", LOOP, "roi_pool"),
    "ida": _all("error", SYNTAX),
    "joan": {**_all("wrong", WRONG_BIN, "roi_pool"), "test_overlap": ("wrong", "RoI 0: expected 7, got 6")},
    "karen": _all("error", "roi_pool is not written yet (it raises NotImplementedError)"),
    "lotfi": _all("memory", "roi_pool asked for more than 512 MB of memory", "roi_pool"),
    "mary": {"test_random": ("internal_error", "the test itself failed: ValueError: scale is negative")},
    "niklaus": _all("crashed", "the process ended itself (exit code 0)"),
    "radia": {"test_worked_example": ("wrong", WRONG_BIN), "test_channels": ("wrong", WRONG_BIN)},
    "<script>alert(1)</script>": {"test_five": ("error", HOSTILE)},
}


QUANTIZE, SPLIT = "Step 1. Quantize the box", "Step 2. Cut a length into bins"
SCALE = Idea("scale_forgotten", "misconception", "The box was not scaled to the map.", QUANTIZE)
NEAREST = Idea(
    "nearest_ends", "convention",
    "The ends were rounded to the nearest cell, as in Caffe; here they are rounded down.", QUANTIZE,
)  # fmt: skip
OVERLAP = Idea(
    "overlapping_bins", "convention",
    "These are overlapping bins, as Caffe and torchvision cut them; here no two bins share a cell.", SPLIT,
)  # fmt: skip
ZERO = Idea("started_at_zero", "misconception", "The maximum was started at 0.", "Step 3. Pool")
CHANNEL = Idea("right_in_first_channel_only", "behaviour", "Only channel 0 is right.", "")


def finding(idea, *functions, cases=(), agreeing=31, against=0, confidence=1.0):
    return Finding(idea, functions, agreeing, against, confidence, cases)


OVERLAPPING = finding(OVERLAP, "bin_edges", "roi_pool", cases=("test_disjoint", "test_worked_example"))
THE_SAME = (Signature("bin_edges", "d1", 4, False), Signature("roi_pool", "d2", 9, False))
#: What is behind the wrong ones: a bundle (joan), a behaviour (radia), nothing known (carl and the last).
DIAGNOSES = {
    "carl": Diagnosis((), ("roi_pool",), THE_SAME),
    "dorothy": Diagnosis((finding(ZERO, "roi_pool", cases=("test_negative",), confidence=0.93),)),
    "edsger": Diagnosis((finding(SCALE, "quantize_roi", cases=("test_floor", "test_random")),)),
    "frances": Diagnosis((OVERLAPPING,), (), (Signature("bin_edges", "d3", 4, True),)),
    "joan": Diagnosis(
        (finding(NEAREST, "roi_pool", cases=("test_worked_example", "test_channels")), OVERLAPPING),
        ("bin_edges",),
        (Signature("bin_edges", "d3", 4, True),),
    ),
    "radia": Diagnosis(
        (finding(CHANNEL, "roi_pool", cases=("test_channels",), against=2, confidence=0.6),),
    ),
    "<script>alert(1)</script>": Diagnosis((), ("bin_edges",), THE_SAME),
}


def make_case(item, name, idea, visibility, points, outcome="correct", sentence=""):
    score = None if outcome == "internal_error" else points if outcome == "correct" else 0.0
    return CaseResult(
        case=name,
        rubric=item,
        idea=idea,
        visibility=visibility,
        outcome=outcome,
        score=score,
        max_score=points,
        sentence=sentence,
        picture=PICTURE if outcome == "wrong" else "",
        traceback=TRACEBACK if outcome == "error" else "",
        seconds=0.004,
    )


def make_item(item, cases):
    worst = max((case.outcome for case in cases), key=OUTCOMES.index)
    scores = [case.score for case in cases]
    sentence = next((case.sentence for case in cases if case.outcome != "correct"), "")
    score = None if None in scores else sum(scores)
    return ItemResult(item.id, item.title, worst, score, item.max_score, sentence, tuple(cases))


def make_submission(student, failures, diagnosis):
    items = []
    for item in RUBRIC:
        rows = [row for row in CASES if row[0] == item.id]
        items.append(make_item(item, [make_case(*row, *failures.get(row[1], ())) for row in rows]))
    scores = [item.score for item in items]
    return SubmissionResult(
        student=student,
        path=f"class/{student}.ipynb",
        outcome=max((item.outcome for item in items), key=OUTCOMES.index),
        score=None if None in scores else sum(scores),
        max_score=ASSIGNMENT.max_score,
        items=tuple(items),
        notes=("cell 9 was left out: it is an experiment (for loop)",) if student == "emmy" else (),
        seconds=0.08,
        diagnosis=diagnosis,
    )


def make_class(students=None, diagnoses=None, **changes):
    diagnoses = diagnoses or (DIAGNOSES if students is None else {})
    students = STUDENTS if students is None else students
    submissions = (make_submission(*one, diagnoses.get(one[0], Diagnosis())) for one in students.items())
    result = ClassResult(
        assignment=ASSIGNMENT,
        submissions=tuple(submissions),
        sandbox=SandboxReport("bubblewrap"),
        seed=20250303141592653589793,
        started="2025-03-03T14:02:11+00:00",
        finished="2025-03-03T14:02:14+00:00",
        roikit_version="0.1.0",
    )
    return replace(result, **changes)


def make_many(names, **changes):
    """A class of these, one after the other as one of the eighteen; cheap, for thousands."""
    some = make_class().submissions
    many = (replace(some[k % len(some)], student=name) for k, name in enumerate(names))
    return make_class({}, submissions=tuple(many), **changes)


@pytest.fixture(name="make_many", scope="session")
def _make_many():
    """Build a `ClassResult` of students with these names."""
    return make_many


@pytest.fixture(name="make_class")
def _make_class():
    """Build a `ClassResult`: the whole class, or ``{student: {case: (outcome, sentence)}}`` and, of some
    students, the diagnosis.
    """
    return make_class


@pytest.fixture
def class_result():
    """Return the class of eighteen, graded in full."""
    return make_class()
