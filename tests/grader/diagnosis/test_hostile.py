"""A diagnosis reads what strangers' functions returned, and calls them again: whatever they do, it ends, and
the cases stand. Banks that are not what they must be are one sentence, before anyone is graded.
"""

import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from grader import assignment, cases
from grader.diagnosis import Diagnoser, answers, bank, load
from grader.diagnosis.bank import Call
from grader.diagnosis.evidence import key_of
from grader.errors import AssignmentError, SandboxError
from grader.examiner import Examiner
from grader.records import CallOutcome, CallRecord, Diagnosis


class Returning:
    """A box whose functions all return one value, and call some arguments changed now and then."""

    def __init__(self, value):
        self.value, self.calls = value, 0

    def call(self, function, args, kwargs, seed=0):
        self.calls += 1
        return CallOutcome("returned", value=self.value, changed=(0,) if self.calls % 2 else ())


def examined(row, box, seed=1):
    return cases.with_attempts(row, seed, lambda attempts: Examiner(row, attempts, seed).run(box))


def nested(depth):
    return [nested(depth - 1)] if depth else 1.0


# ------------------------------------------------------------------ values
@pytest.mark.parametrize(
    "value",
    [
        np.array([[1, 2]], np.float16),
        np.array([[1j, 2]]),
        np.zeros((0, 1 << 40)),
        np.zeros((1,) * 32),
        [np.zeros((1,) * 32)],
        np.float64(3),
        np.array([[1 << 63]], np.uint64),
        np.frombuffer(bytes.fromhex("0100a07f0100a07f"), np.float32).reshape(1, 2),  # signalling NaN
        [[float("nan")] * 2] * 3,
        [[float("inf"), -float("inf")]] * 3,
        [[1e308, -1e308]] * 3,
        [[-0.0, 0.0]],
        [[True, False]],
        10**600,
        [[10**600, 1.0], [2, 3]],
        [[1], [2, 3]],
        [np.zeros(3), 1],
        [None, 1.0],
        {1: 2, "a": [1]},
        nested(14),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_any_value_leaves_the_cases_and_no_problem(row, value):
    results, diagnosis = examined(row, Returning(value))
    assert [case.outcome for case in results] == ["wrong"] * 4
    assert diagnosis.problem == ""
    assert {found.idea.kind for found in diagnosis.findings} <= {"behaviour"}


def test_a_long_text_among_numbers_is_never_made_an_array(monkeypatch):
    """NumPy would give each of 9,000 entries the room of the longest: 7 GB."""
    value = ["a" * 200_000] + [1.0] * 9_000
    monkeypatch.setattr(np, "asarray", lambda value: pytest.fail("made an array"))
    assert answers.answer(CallOutcome("returned", value=value)).numbers is None


@pytest.mark.parametrize("value", [np.zeros(100_001), [np.zeros(1_000)] * 101, ["text"], 1j, np.array([1j])])
def test_what_is_too_much_or_no_number_counts_so(value):
    assert answers.count(value) > answers.MAX_NUMBERS


def test_numbers_are_counted_as_they_nest():
    assert answers.count([1, (2.0, True), np.zeros((2, 3)), np.int64(4), []]) == 10


def test_large_values_and_arguments_do_not_stay_in_memory():
    """A hundred calls may return 64 MiB each; what is too large to be compared is let go at once."""
    large, small = np.zeros(200_000), np.zeros(2)
    records = [
        CallRecord("f", (small,), {}, CallOutcome("returned", value=large)),
        CallRecord("f", (large,), {}, CallOutcome("returned", value=small)),
        CallRecord("f", ("mean", None), {"k": small}, CallOutcome("returned", value=small)),
    ]
    first, last = answers.trimmed(records)
    assert (first.outcome.value, first.args) == (None, (small,))
    assert last is records[2]


def test_an_examiner_holds_only_what_is_small(row, monkeypatch):
    held = []
    monkeypatch.setattr(Diagnoser, "diagnose", lambda self, attempts, box: held.extend(attempts))
    examined(row, Returning(np.zeros(200_000)))
    assert [attempt.raised for attempt in held] == [None] * 4
    assert {record.outcome.value is None for attempt in held for record in attempt.calls} == {True}


def test_calls_with_equal_keys_have_equal_arguments():
    """A student's value may become an argument: none may pass for an input that the tests make."""
    calls = [
        Call("f", ({"a": 1, "b": 2},), {}),
        Call("f", ({"a=int1;b": 2},), {}),
        Call("f", ({"a": 1}, "b", 2), {}),
        Call("f", ([1], 2), {}),
        Call("f", ([1, 2],), {}),
        Call("f", (0.0,), {}),
        Call("f", (-0.0,), {}),
        Call("f", ({1: 2, "a": 3},), {}),
    ]
    assert len({key_of(call) for call in calls}) == len(calls)


# ------------------------------------------------------------------ further calls
#: Wrong in a way that two ideas explain: further inputs are asked for.
ASKED = """
def edges(length, bins):
    size = length // bins
    return [(p * size, length if p == bins - 1 else (p + 1) * size) for p in range(bins)]
"""


class Later:
    """A box that is another one after the cases' four calls."""

    def __init__(self, box, later):
        self.box, self.later, self.calls = box, later, 0

    def call(self, *arguments):
        self.calls += 1
        return self.box.call(*arguments) if self.calls <= 4 else self.later(*arguments)


def test_the_first_further_call_that_ends_badly_is_the_last(row, box):
    for status in ("timeout", "memory", "output_limit", "crashed", "refused"):
        later = Later(box(ASKED), lambda *arguments, status=status: CallOutcome(status))
        results, diagnosis = examined(row, later)
        assert later.calls == 5
        assert diagnosis.problem == ""
        assert [case.outcome for case in results] == ["correct", "wrong", "wrong", "correct"]


def test_slow_functions_are_asked_little(row, box):
    wrong = box(ASKED)

    def slow(*arguments):
        given = wrong.call(*arguments)
        return CallOutcome("returned", value=given.value, seconds=2.9)

    later = Later(wrong, slow)
    examined(row, later)
    assert later.calls == 5


def test_a_further_call_is_not_interrupted_by_the_diagnosis_s_own_limit(row, box, monkeypatch):
    """A sandbox left in the middle of a call would be in no state to be closed."""
    monkeypatch.setattr("grader.examiner.DIAGNOSIS_SECONDS", 0.3)
    wrong, whole = box(ASKED), []

    def long(*arguments):
        end = time.perf_counter() + 0.4
        while time.perf_counter() < end:
            pass
        whole.append(True)
        return CallOutcome("timeout")

    assert examined(row, Later(wrong, long))[1].problem == ""
    assert whole == [True]


def test_a_sandbox_that_breaks_in_a_further_call_is_told_and_the_next_submission_is_diagnosed(row, box):
    def broken(*arguments):
        raise SandboxError("the sandbox is gone")

    def body(attempts):
        examiner = Examiner(row, attempts, 1)
        return examiner.run(Later(box(ASKED), broken)), examiner.run(box(ASKED))

    (results, diagnosis), (same, following) = cases.with_attempts(row, 1, body)
    assert diagnosis == Diagnosis(problem="SandboxError: the sandbox is gone")
    assert [case.outcome for case in results] == [case.outcome for case in same]
    assert [found.idea.name for found in following.findings] == ["last_takes_the_rest"]


def test_values_that_differ_from_call_to_call_are_no_problem(row):
    class Random(Returning):
        def call(self, *arguments):
            self.value = [[float(self.calls), self.calls**2 / 7]]
            return super().call(*arguments)

    assert examined(row, Random(None))[1].problem == ""


# ------------------------------------------------------------------ the same everywhere
SCRIPT = """
import sys
from grader import assignment, cases
from grader.examiner import Examiner
from grader.records import Cell, Source
from grader.student import LocalBox

folder, *texts = sys.argv[1:]
row = assignment.load(folder)
boxes = [LocalBox.from_source(Source((Cell("row.py", text),), False)) for text in texts]

def body(attempts):
    examiner = Examiner(row, attempts, 1)
    return [examiner.run(box)[1] for box in boxes]

print(cases.with_attempts(row, 1, body))
"""
RIGHT = """
def edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]

def pool(rows, bins):
    return [[max(row[s:e]) for s, e in edges(len(row), bins)] for row in rows]
"""
REVERSED = """
def pool(rows, bins):
    rows += 1
    return [[max(0, max(row[s:e]) - 1) for s, e in edges(len(row), bins)][::-1] for row in rows]
"""
TRIPLED = """
def pool(rows, bins):
    return [[row[s] * 3 for s, e in edges(len(row), bins)] for row in rows]
"""


def test_a_diagnosis_depends_on_no_hash_seed_and_on_nobody_before(row, box, tmp_path):
    wrong = [RIGHT + text for text in (ASKED, REVERSED, TRIPLED)]
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, row.folder, *wrong],
            capture_output=True, text=True, check=True, cwd=tmp_path, env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in "123"
    }  # fmt: skip
    each_alone = [examined(row, box(text))[1] for text in wrong]
    assert said == {f"{each_alone}\n"}


# ------------------------------------------------------------------ banks
MISCONCEPTIONS, PROBES = "misconceptions.py", "probes.py"


@pytest.fixture
def spoiled(row, tmp_path, monkeypatch):
    """File, old text, new text -> the sentence."""
    monkeypatch.setattr(bank, "FILE_SECONDS", 0.5)

    def spoil(name, old, new):
        folder = tmp_path / "row"
        shutil.copytree(row.folder, folder)
        path = folder / "grading" / name
        text = path.read_text()
        path.write_text(text.replace(old, new) if old else new)
        with pytest.raises(AssignmentError) as raised:
            load(assignment.load(str(folder))).probes(np.random.default_rng(1))
        return str(raised.value)

    return spoil


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (MISCONCEPTIONS, "", "while True:\n    pass\n", "misconceptions.py: it takes more than 0.5 s"),
        (MISCONCEPTIONS, "", "raise SystemExit(3)\n", "misconceptions.py: SystemExit: 3"),
        (MISCONCEPTIONS, "", "a = 1\0", "misconceptions.py: "),
        (
            MISCONCEPTIONS, "(bins_reversed,)", "bins_reversed",
            "misconceptions.py: MISCONCEPTIONS has no tuple of functions for 'columns'",
        ),
        (
            MISCONCEPTIONS, "(bins_reversed,)", "('bins_reversed',)",
            "misconceptions.py: 'bins_reversed', in place of columns, is no function there",
        ),
        (
            MISCONCEPTIONS, '"Step 1. Cut"', "7",
            "misconceptions.py: SECTIONS has no section for the step 'edges'",
        ),
        (PROBES, "", "def probes(rng):\n    yield 1 / 0\n", "probes.py: ZeroDivisionError: division by zero"),
        (PROBES, "", "def probes(rng):\n    return None\n", "probes.py: TypeError: "),
        (PROBES, "", "def probes(rng):\n    yield 5\n", "probes.py: TypeError: "),
        (PROBES, "", "def probes(rng):\n    yield 'edges', (5, 2), None\n", "probes.py: TypeError: "),
        (PROBES, "", "def probes(rng):\n    while 1:\n        pass\n", "probes.py: it takes more than 0.5 s"),
        (
            PROBES, "", "def probes(rng):\n    yield 'roots', (5, 2), {}\n",
            "probes.py calls 'roots', which nobody is asked for",
        ),
    ],
)  # fmt: skip
def test_a_malformed_bank_is_one_sentence(spoiled, name, old, new, sentence):
    said = spoiled(name, old, new)
    assert said.startswith(sentence)
    assert "\n" not in said


def test_endless_probes_are_cut(row, tmp_path):
    folder = tmp_path / "row"
    shutil.copytree(row.folder, folder)
    endless = "def probes(rng):\n    while True:\n        yield 'edges', (5, 2), {}\n"
    (folder / "grading" / PROBES).write_text(endless)
    calls = load(assignment.load(str(folder))).probes(np.random.default_rng(1))
    assert len(calls) == bank.MAX_PROBES
