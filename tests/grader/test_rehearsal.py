"""The tests tried before any student: each bug of an instructor is one sentence with file and line."""

import re
import shutil

import pytest

from grader import assignment, rehearsal
from grader.errors import AssignmentError, SandboxError
from grader.pipeline import Plan


@pytest.fixture
def spoil(toy, tmp_path):
    """Replace a piece of the toy assignment's files; gives its folder."""
    folder = tmp_path / "toy"
    shutil.copytree(toy.folder, folder)

    def replace(file, old, new):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def problem(spoil, tmp_path, rung):
    """Spoil one piece more; what the rehearsal says to that, nothing if all is well."""

    def rehearse(*piece):
        if piece:
            spoil(*piece)
        try:
            rehearsal.rehearse(Plan(assignment.load(str(tmp_path / "toy")), rung, seed=3))
        except AssignmentError as error:
            return str(error)
        return ""

    return rehearse


HIDDEN, PUBLIC, TOML = "grading/test_hidden.py", "test_public.py", "grading/assignment.toml"
TWICE = "    expect(student.scale([1, 2], 2), [2, 4])\n"


def test_the_toy_is_all_right(problem):
    assert problem() == ""


@pytest.mark.parametrize("name", assignment.names())
def test_the_course_is_all_right(name, rung):
    assert rehearsal.rehearse(Plan(assignment.load(name), rung, seed=3)) is None


# ------------------------------------------------------------------ points for nothing
SWALLOWED = "    try: student.scale(1, 2)\n    except Exception: pass\n"


@pytest.mark.parametrize("body", ["    pass\n", "    assert student\n", SWALLOWED])
def test_points_without_a_call(problem, body):
    assert problem(PUBLIC, TWICE, body) == (
        "test_public.py:8: test_twice passes without calling any function of the student"
    )


@pytest.mark.parametrize("body", ["    student.scale([1], 2)\n", "    assert [student.scale([1], 2)]\n"])
def test_points_for_any_answer(problem, body):
    assert problem(PUBLIC, TWICE, body) == (
        "test_public.py:8: test_twice passes whatever the function returns: it checks nothing"
    )


def test_looking_at_the_arguments_alone_is_a_check(problem):
    """What the function returns is then not the test's matter."""
    assert problem(PUBLIC, TWICE, (
        "    student.scale([1, 2], 2)\n"
        "    assert not student.calls[-1].outcome.changed\n"
    )) == ""  # fmt: skip


# ------------------------------------------------------------------ a bug in a test
def test_an_exception(problem):
    assert problem(PUBLIC, TWICE, f"    1 / 0\n{TWICE}") == (
        "test_public.py:11: ZeroDivisionError in the test: division by zero (test_twice)"
    )


def test_an_exception_in_a_helper_has_the_helper_s_line(problem, spoil):
    spoil(HIDDEN, "import pytest\n", "import pytest\n\ndef shape(x):\n    return x.shap\n")
    found = problem(HIDDEN, "    expect(student.scale(x", "    shape(x)\n    expect(student.scale(x")
    assert found.startswith("test_hidden.py:7: AttributeError in the test: ")
    assert found.endswith(" (test_random_numbers)")


def test_an_exception_at_a_surprising_answer(problem):
    """Students return whatever they like: it is wrong, and no reason for a person to look at it."""
    found = problem(PUBLIC, TWICE, f"    assert student.scale([1, 2], 2)[0] == 2\n{TWICE}")
    assert found.startswith("test_public.py:11: TypeError in the test: ")
    assert found.endswith("(test_twice, where the function returned None; look at its kind first)")


@pytest.mark.parametrize("loop", ["pass", "\n        try: sum(range(999))\n        except Exception: pass"])
def test_a_hang(problem, spoil, loop):
    spoil(TOML, "call_seconds = 2", "case_seconds = 2")
    found = problem(PUBLIC, TWICE, f"    while True: {loop}\n")
    assert re.match(r"test_public\.py:1[1-3]: the test itself took more than 2 s \(test_twice\)", found)


def test_the_student_s_time_is_not_the_test_s(problem, spoil):
    spoil(TOML, "call_seconds = 2", "case_seconds = 2")
    spoil("toy.ipynb", "import numpy as np", "import time, numpy as np")
    assert problem("toy.ipynb", "SECRET_SOLUTION = np", "time.sleep(2.5); SECRET_SOLUTION = np") == ""


# ------------------------------------------------------------------ the solution
def test_a_test_that_the_solution_fails(problem):
    assert problem(PUBLIC, "[2, 4])", "[2, 5])") == (
        "test_public.py:11: test_twice finds the solution in toy.ipynb wrong: entry 1: expected 5, got 4"
    )


def test_a_function_that_the_solution_does_not_have(problem):
    assert problem(PUBLIC, "student.scale(", "student.scal(") == (
        "test_public.py:11: test_twice finds the solution in toy.ipynb error: scal is not defined"
    )


def test_an_argument_that_cannot_be_sent(problem):
    found = problem(PUBLIC, "student.scale([1, 2]", "student.scale(object()")
    assert found.startswith("test_public.py:11: the test passes an object to scale; this cannot be sent")


@pytest.mark.parametrize(("old", "new"), [("{", "["), ('"cells"', '"sells"')])
def test_a_solution_that_is_no_notebook(problem, old, new):
    found = problem("toy.ipynb", old, new)
    assert found.startswith("toy.ipynb, the solution on which the tests are tried, cannot be read: ")


def test_a_broken_sandbox_is_no_fault_of_the_tests(toy, rung, monkeypatch):
    def broken(*arguments):
        raise SandboxError("the machine is out of processes")

    monkeypatch.setattr(rehearsal, "Sandbox", broken)
    with pytest.raises(SandboxError, match="out of processes"):
        rehearsal.rehearse(Plan(toy, rung, seed=3))
