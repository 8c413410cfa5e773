"""The fixture `student` over one's own process: the sandbox's rules and sentences, without its walls."""

import random
import signal

import numpy as np
import pytest

from grader.records import Cell, Source
from grader.student import LocalBox, Student
from grader.testing import StudentFailure

SOURCE = """
import numpy as np

def double(x):
    return 2 * x

def clear(x):
    x[:] = 0
    return x

def unwritten(x):
    raise NotImplementedError

def fails(x):
    return x["a"]

def leaves():
    raise SystemExit(3)

def generator():
    yield 1

def draw():
    return float(np.random.random())
"""


@pytest.fixture
def student(module):
    return Student(LocalBox.from_source(module(SOURCE)))


def failure(call):
    with pytest.raises(StudentFailure) as caught:
        call()
    return caught.value.outcome


def test_a_call_returns_a_plain_value(student):
    assert student.double(np.arange(3)).tolist() == [0, 2, 4]
    assert student.double(x=2.5) == 5.0


def test_calls_are_recorded(student):
    student.double(1)
    student.double(x=2)
    assert [(call.function, call.args, call.kwargs) for call in student.calls] == [
        ("double", (1,), {}),
        ("double", (), {"x": 2}),
    ]
    assert student.calls[-1].outcome.value == 4


def test_arguments_are_copies_and_changes_are_noticed(student):
    x = np.ones(3)
    assert student.clear(x).tolist() == [0, 0, 0]
    assert x.tolist() == [1, 1, 1]
    assert student.calls[-1].outcome.changed == (0,)


def test_nan_is_no_change(student):
    student.double(np.array([np.nan, 1.0]))
    assert student.calls[-1].outcome.changed == ()


def test_unwritten(student):
    outcome = failure(lambda: student.unwritten(1))
    assert outcome.status == "error"
    assert outcome.sentence == "unwritten is not written yet (it raises NotImplementedError)"
    assert outcome.traceback == ""


def test_undefined(student):
    outcome = failure(lambda: student.missing(1))
    assert (outcome.status, outcome.sentence) == ("error", "missing is not defined")


def test_exception_with_its_line_and_no_machine_paths(student):
    outcome = failure(lambda: student.fails(1))
    assert outcome.sentence == "TypeError: 'int' object is not subscriptable (in fails, toy.py, line 15)"
    assert 'return x["a"]' in outcome.traceback
    assert "grader" not in outcome.traceback


def test_sys_exit_does_not_end_the_check(student):
    outcome = failure(lambda: student.leaves())
    assert (outcome.status, outcome.phase) == ("crashed", "call")
    assert outcome.sentence == "leaves ended the process (sys.exit(3))"


def test_sys_exit_at_import_fails_every_call_as_in_the_sandbox(module):
    student = Student(LocalBox.from_source(module("def pool(x): return x\nraise SystemExit(0)\n")))
    for call in (lambda: student.pool(1), lambda: student.missing()):
        outcome = failure(call)
        assert (outcome.status, outcome.phase) == ("crashed", "import")
        assert outcome.sentence == "importing the file ended the process (sys.exit(0))"


def test_a_loop_that_is_left_out_is_named():
    loop = "T = []\nfor k in range(3): T.append(k)"
    cells = (Cell("cell 1", loop), Cell("cell 2", "def pool(): return T[2]"))
    student = Student(LocalBox.from_source(Source(cells, is_notebook=True)))
    assert failure(lambda: student.pool()).sentence == (
        "IndexError: list index out of range (in pool, cell 2, line 1); the loop at top level of cell 1, "
        "line 2, is left out while grading: put it into a function"
    )


def test_a_namespace_alone_will_do():
    """So a notebook's own check calls it."""
    student = Student(LocalBox({"pool": lambda: int("x")}))
    assert failure(lambda: student.pool()).sentence.startswith("ValueError: invalid literal")
    assert failure(lambda: student.missing()).sentence == (
        "missing is not defined; run the cell that defines it"
    )


def test_an_unreturnable_value(student):
    outcome = failure(lambda: student.generator())
    assert (outcome.status, outcome.phase) == ("error", "return")
    assert outcome.sentence.startswith("generator returned a generator; return a NumPy array")


def test_random_numbers_repeat_and_the_session_keeps_its_own(student):
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.random()
    random.seed(5)
    np.random.seed(5)
    assert student.draw() == student.draw()
    assert (random.random(), np.random.random()) == expected


def test_a_missing_function_names_the_cell_that_failed():
    cells = (Cell("cell 3", "import numpy as np"), Cell("cell 5", "def pool(x):\nreturn x"))
    student = Student(LocalBox.from_source(Source(cells, is_notebook=True)))
    sentence = failure(lambda: student.pool(1)).sentence
    assert sentence.startswith("pool is not defined: cell 5 raised IndentationError")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm clock on this system")
@pytest.mark.parametrize("text", ["def f():\n    while True: pass\n", "while True: pass\n"])
def test_an_endless_loop_ends(monkeypatch, text):
    """... and is not run a second time."""
    monkeypatch.setattr("grader.student.SELF_CHECK_SECONDS", 0.2)
    box = LocalBox.from_source(Source((Cell("loop.py", text),), is_notebook=False))
    first, second = box.call("f", (), {}), box.call("f", (), {})
    assert first.status == "timeout"
    assert first.sentence.endswith("took more than 0.2 s")
    assert second is first
