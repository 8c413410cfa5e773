"""The invented class of assignments/sample_class gets what it deserves, through the sandbox."""

import sys

import pytest

from grader import assignment, pipeline
from grader.errors import SandboxError
from grader.intake import collect
from grader.sandbox import choose_rung

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CLASS = assignment.home() / assignment.SAMPLE_CLASS
EXPECTED = tomllib.loads((CLASS / "expected.toml").read_text(encoding="utf-8"))
SEED = EXPECTED.pop("seed")
ROWS = [(student, name, row) for student, rows in EXPECTED.items() for name, row in rows.items()]


@pytest.fixture(scope="module")
def rung():
    """The strongest that the machine has; our own class may be graded in the reduced mode."""
    try:
        return choose_rung("auto")
    except SandboxError:
        return choose_rung("reduced")


@pytest.fixture(scope="module")
def graded(rung):
    """(student, assignment) -> result; an assignment's class is graded when the first of it is asked for."""
    results = {}

    def ask(student, name):
        if name not in results:
            plan = pipeline.Plan(assignment.load(name), rung, SEED)
            with collect.hand_ins(CLASS, name) as hand_ins:
                found = pipeline.grade_class(plan, hand_ins, jobs=2)
            results[name] = {result.student: result for result in found.submissions}
        return results[name][student]

    return ask


@pytest.mark.parametrize(("student", "name", "row"), ROWS, ids=[f"{name}-{who}" for who, name, _ in ROWS])
def test_everybody_gets_what_they_deserve(graded, student, name, row):
    result = graded(student, name)
    told = "; ".join(f"{item.id}: {item.sentence}" for item in result.items if item.sentence)
    assert {item.id: item.score for item in result.items} == row["items"], told
    assert (result.score, result.outcome) == (row["score"], row["outcome"]), told


@pytest.mark.parametrize(("student", "name", "row"), ROWS, ids=[f"{name}-{who}" for who, name, _ in ROWS])
def test_the_sentence_names_what_is_wrong(graded, student, name, row):
    sentences = "; ".join(item.sentence for item in graded(student, name).items)
    assert row.get("says", "") in sentences
    assert bool(sentences.strip("; ")) == (row["outcome"] != "correct")


def test_every_submission_is_expected():
    handed_in = {(path.parent.name, path.name) for path in CLASS.glob("*/*") if path.is_dir()}
    assert handed_in == {(student, name) for student, name, _ in ROWS}
    assert len(handed_in) >= 16
    assert {name for _, name in handed_in} == set(assignment.names())


def test_every_kind_is_there():
    outcomes = {row["outcome"] for *_, row in ROWS}
    assert outcomes >= {"correct", "wrong", "error", "timeout", "memory", "crashed"}
    assert all(row["why"].endswith(".") for *_, row in ROWS)
