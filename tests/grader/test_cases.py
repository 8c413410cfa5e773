"""What a case's end means, and that nothing on the machine changes it."""

import os
import shutil
import sys
import warnings
from dataclasses import replace

import pytest

from grader import assignment, cases
from grader.errors import AssignmentError, SandboxError
from grader.records import CallOutcome
from grader.student import LocalBox

HEAD = "import numpy as np\n"


class FixedBox:
    """A box whose every call comes to the same."""

    def __init__(self, outcome):
        self.outcome = outcome
        self.seeds = []

    def call(self, function, args, kwargs, seed=0):
        self.seeds.append(seed)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def run_box(toy, box, **options):
    return cases.with_cases(toy, 1, lambda run: run(box), **options)


def outcomes(found):
    return {name: (case.outcome, case.score) for name, case in found.items()}


# ------------------------------------------------------------------ outcomes
def test_right(run_toy, right):
    found = run_toy(right)
    assert outcomes(found) == {
        "test_twice": ("correct", 1.0),
        "test_three_cells": ("correct", 0.0),
        "test_random_numbers": ("correct", 2.0),
        "test_argument_stays": ("correct", 1.0),
        "test_random_span": ("correct", 3.0),
    }
    case = found["test_twice"]
    assert (case.rubric, case.visibility, case.idea) == ("scale", "public", "[1, 2] at scale 2 is [2, 4].")
    assert (case.sentence, case.picture, case.traceback) == ("", "", "")
    assert found["test_random_span"].visibility == "hidden"


def test_wrong_with_a_sentence(run_toy, right):
    found = run_toy(right.replace("start + size", "start + size - 1"))
    assert outcomes(found)["test_random_span"] == ("wrong", 0.0)
    assert found["test_three_cells"].sentence == "end 1: expected 5, got 4"
    assert outcomes(found)["test_random_numbers"] == ("correct", 2.0)


def test_a_plain_assert_is_wrong_with_its_message(run_toy):
    text = HEAD + "def scale(x, s):\n    x = np.asarray(x)\n    x *= s\n    return x"
    found = run_toy(text)
    assert outcomes(found)["test_argument_stays"] == ("wrong", 0.0)
    assert found["test_argument_stays"].sentence == "the argument x was changed in place"


def test_exception_and_missing_function(run_toy):
    found = run_toy("def scale(x, s):\n    return x['a']")
    assert outcomes(found)["test_twice"] == ("error", 0.0)
    assert found["test_twice"].sentence.startswith("TypeError: ")
    assert "toy.py" in found["test_twice"].traceback
    assert found["test_three_cells"].sentence == "span is not defined"


@pytest.mark.parametrize("status", ["error", "timeout", "memory", "output_limit", "crashed", "refused"])
def test_every_status_of_a_call_is_the_case_s_outcome(toy, status):
    for case in run_box(toy, FixedBox(CallOutcome(status, "why", traceback="line 1"))):
        assert (case.outcome, case.score, case.sentence, case.traceback) == (status, 0.0, "why", "line 1")


def test_a_warning_costs_nothing(run_toy, right, capfd):
    """nbgrader gives 0 for anything on stderr."""
    noise = "    import sys; print('careful', file=sys.stderr); np.log(0.0)\n"
    noisy = right.replace("    return np", noise + "    return np")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # in the self-check NumPy warns in this very process
        found = run_toy(noisy)
    assert all(case.outcome == "correct" for case in found.values())
    assert "careful" in capfd.readouterr().err


# ------------------------------------------------------------------ our own failures
def test_a_sandbox_failure_is_never_a_zero(toy):
    found = run_box(toy, FixedBox(SandboxError("bubblewrap has gone")))
    assert {(case.outcome, case.score) for case in found} == {("internal_error", None)}
    assert {case.sentence for case in found} == {"not graded: bubblewrap has gone"}


def test_after_a_sandbox_failure_the_other_cases_are_not_tried(toy):
    box = FixedBox(SandboxError("gone"))
    run_box(toy, box)
    assert len(box.seeds) == 1


def test_a_test_s_own_exception_is_never_a_zero(toy):
    """An exception that is neither a mismatch nor the student's call."""
    found = run_box(toy, FixedBox(RuntimeError("a bug of ours")))
    assert {(case.outcome, case.score) for case in found} == {("internal_error", None)}
    assert found[0].sentence == "not graded: test_public.py:11: RuntimeError in the test: a bug of ours"


@pytest.mark.parametrize(
    ("bug", "sentence"),
    [
        ("[n for n in iter(int, 1) if n]", "11: the test itself took more than 2 s"),
        ("time.sleep(99)", "11: the test itself took more than 2 s"),
        ("pytest.exit('x')", "11: Exit in the test: x"),
        ("exit(0)", "11: SystemExit in the test: 0"),
        ("assert [][0]", "11: IndexError in the test: list index out of range"),
    ],
)
def test_a_test_s_own_end_has_its_line_and_costs_no_other_case(toy, tmp_path, right, module, bug, sentence):
    """The session goes on: the other cases, and the next student."""
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)
    path = folder / "test_public.py"
    bugged = f"    if student.scale([1], 1)[0] != 1: {bug}\n    expect(student.scale("
    text = path.read_text().replace("    expect(student.scale(", bugged)
    path.write_text(text.replace("import pytest", "import pytest, time"))
    lesson = replace(assignment.load(str(folder)), limits={"case_seconds": 2})
    wrong = right.replace("* spatial_scale", "+ spatial_scale")
    boxes = [LocalBox.from_source(module(source)) for source in (wrong, right)]
    first, second = cases.with_cases(lesson, 1, lambda run: [run(box) for box in boxes])
    assert (first[0].outcome, first[0].score) == ("internal_error", None)
    assert first[0].sentence == f"not graded: test_public.py:{sentence}"
    assert [case.outcome for case in first[1:]] == ["correct", "wrong", "correct", "correct"]
    assert {case.outcome for case in second} == {"correct"}


def test_a_skipped_test_is_not_graded(toy, tmp_path):
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)
    text = (folder / "test_public.py").read_text()
    (folder / "test_public.py").write_text(
        text.replace("    expect(", "    pytest.skip('no GPU')\n    expect(")
    )
    found = run_box(assignment.load(str(folder)), FixedBox(CallOutcome("error", "x")))
    assert (found[0].outcome, found[0].score) == ("internal_error", None)
    assert "no GPU" in found[0].sentence


@pytest.mark.parametrize(
    ("picture", "reason"), [("1 / 0", "ZeroDivisionError"), ("[n for n in iter(int, 1) if n]", "TooLong")]
)
def test_a_picture_that_fails_costs_no_verdict(toy, tmp_path, right, module, picture, reason):
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)
    path = folder / "test_public.py"
    path.write_text(path.read_text().replace("[2, 4])", f"[2, 5], explanation=lambda: {picture})"))
    lesson = replace(assignment.load(str(folder)), limits={"case_seconds": 2})
    found = run_box(lesson, LocalBox.from_source(module(right)))
    assert (found[0].outcome, found[0].score) == ("wrong", 0.0)
    assert found[0].sentence == f"entry 1: expected 5, got 4 (no picture: {reason})"


def test_what_body_raises_is_passed_on(toy):
    for problem in (ZeroDivisionError("x"), KeyboardInterrupt(), AssignmentError("y")):

        def body(run, problem=problem):
            raise problem

        with pytest.raises(type(problem)):
            cases.with_cases(toy, 1, body)


# ------------------------------------------------------------------ one session, many students
def test_students_do_not_see_one_another(toy, module, right):
    """The same session runs right, wrong, right again."""
    wrong = right.replace("* spatial_scale", "+ spatial_scale")
    boxes = [LocalBox.from_source(module(text)) for text in (right, wrong, right, wrong)]
    runs = cases.with_cases(toy, 1, lambda run: [run(box) for box in boxes])
    scores = [sum(case.score for case in run) for run in runs]
    assert scores == [7.0, 4.0, 7.0, 4.0]
    assert [c.outcome for c in runs[0]] == [c.outcome for c in runs[2]]


def test_the_seed_decides_the_inputs(toy):
    """Same seed, same inputs for everybody; another seed, others; each case its own."""

    def seen(seed):
        calls = []

        class Box(FixedBox):
            def call(self, function, args, kwargs, seed=0):
                calls.append((function, repr(args), seed))
                return self.outcome

        cases.with_cases(toy, seed, lambda run: run(Box(CallOutcome("error", "x"))))
        return calls

    first = seen(7)
    assert first == seen(7)
    assert first != seen(8)
    assert first[:2] == seen(8)[:2]  # the public cases have no random inputs
    assert len({seed for _, _, seed in first}) == len(first)


def test_only_public_cases_or_one_item(toy):
    box = FixedBox(CallOutcome("error", "x"))
    assert [c.case for c in run_box(toy, box, visibility="public")] == ["test_twice", "test_three_cells"]
    assert [c.case for c in run_box(toy, box, rubric="span")] == ["test_three_cells", "test_random_span"]
    assert run_box(toy, box, rubric="nothing") == ()


# ------------------------------------------------------------------ apart from the machine
def test_the_machine_s_pytest_settings_do_not_matter(run_toy, right, monkeypatch, tmp_path):
    (tmp_path / "conftest.py").write_text("raise SystemExit")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option -x")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert all(case.outcome == "correct" for case in run_toy(right).values())
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option -x"


def test_nothing_is_left_behind(run_toy, right, toy):
    run_toy(right)  # what pytest itself imports stays
    before, path, bytecode = set(sys.modules), list(sys.path), sys.dont_write_bytecode
    run_toy(right)
    assert (list(sys.path), sys.dont_write_bytecode) == (path, bytecode)
    assert "test_nothing_is_left_behind" in os.environ["PYTEST_CURRENT_TEST"]
    assert set(sys.modules) <= before
    assert not list(toy.folder.rglob("__pycache__"))
    assert not list(toy.folder.rglob(".pytest_cache"))


def test_nothing_is_printed(run_toy, right, capfd):
    run_toy(right.replace("start + size", "0"))
    assert capfd.readouterr() == ("", "")
