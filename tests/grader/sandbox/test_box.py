"""What each thing that a submission can do comes to: status, sentence, phase; in this machine's best rung."""

import dataclasses
import random
import re
import subprocess
import sys
import tempfile

import numpy as np
import pytest

from grader.errors import AssignmentError, SandboxError
from grader.records import Cell, Source
from grader.sandbox import Limits, Sandbox, WorkerProcess


def module(*lines):
    return Source((Cell("roi.py", "\n".join(lines) + "\n"),), is_notebook=False)


def notebook(*texts):
    return Source(tuple(Cell(f"cell {k}", text) for k, text in enumerate(texts, 1)), is_notebook=True)


@pytest.fixture
def call(full_rung, limits):
    """``call(source, function, *args)`` in a sandbox of its own."""

    def call_once(source, function="f", *args, **changes):
        with Sandbox(source, dataclasses.replace(limits, **changes), full_rung) as box:
            return box.call(function, args)

    return call_once


# ---------------------------------------------------------------- it works
def test_a_call_returns_a_value(call):
    source = module("def f(x, y=1):", "    print('x is', x[0])", "    return x[:, None] + y")
    outcome = call(source, "f", np.arange(3.0))
    assert outcome.status == "returned"
    assert np.array_equal(outcome.value, [[1.0], [2.0], [3.0]])
    assert outcome.stdout == "x is 0.0\n"
    assert outcome.phase == "return"
    assert 0 < outcome.seconds < 1


def test_keywords_and_many_calls_of_one_sandbox(full_rung, limits):
    cell = "def f(a, *, b=(1, 2)):\n    calls.append(a)\n    return {'n': len(calls), 'b': b}"
    source = notebook("calls = []", cell)
    with Sandbox(source, limits, full_rung) as box:
        assert box.call("f", [1]).value == {"n": 1, "b": (1, 2)}
        assert box.call("f", [1], {"b": [None, True]}).value == {"n": 1, "b": [None, True]}  # nothing is kept


def test_arguments_changed_in_place_are_noted(call):
    source = module("def f(a, b, c):", "    c[0] = 5.0", "    return a")
    nan = np.array([np.nan])
    assert call(source, "f", nan, np.ones(2), np.ones(2)).changed == (2,)


def test_seeds_decide_random_numbers(full_rung, limits):
    source = module(
        "import random, numpy as np",
        "def f():",
        "    return [random.random(), np.random.rand(), np.random.default_rng(1).random()]",
    )
    with Sandbox(source, limits, full_rung) as box:
        first, again, other = (box.call("f", [], seed=seed).value for seed in (3, 3, 4))
    assert first == again
    assert first[:2] != other[:2]
    assert first[:2] == [random.Random(3).random(), np.random.RandomState(3).rand()]


def test_the_environment_is_plain(call, monkeypatch):
    monkeypatch.setenv("TOKEN", "secret")
    source = module("import os", "def f():", "    return dict(os.environ)")
    environment = call(source).value
    assert environment["MPLBACKEND"] == "Agg"
    assert environment["OPENBLAS_NUM_THREADS"] == "1"
    assert environment["PYTHONHASHSEED"] == "0"
    assert environment["HOME"] == environment["TMPDIR"] == "/tmp"
    assert "TOKEN" not in environment


def test_late_imports_work(call):
    """What is not loaded yet can still be loaded: the interpreter's and NumPy's folders stay in reach."""
    imports = "    import fractions, encodings.idna, numpy.testing, numpy.polynomial"
    source = module("def f():", imports, "    return 1")
    assert call(source).value == 1


def test_a_prepared_worker_serves_the_first_call(full_rung, limits):
    prepared = WorkerProcess(limits, full_rung)
    with Sandbox(module("def f():", "    return 1"), limits, full_rung, prepared=prepared) as box:
        assert box.call("f", []).value == 1


def test_large_arrays(call, limits):
    source = module("def f(x):", "    return x * 2")
    x = np.arange(limits.reply // 8 - 100, dtype=np.float64)
    assert np.array_equal(call(source, "f", x).value, x * 2)


# ---------------------------------------------------------------- it does not
@pytest.mark.parametrize(
    ("lines", "status", "phase", "sentence"),
    [
        (["x = 1"], "error", "lookup", "f is not defined"),
        (["def g(): pass", "1 / 0", "def f(): pass"], "error", "import",
         "f is not defined: roi.py raised ZeroDivisionError: division by zero (line 2)"),
        (["def f(:"], "error", "import",
         "f is not defined: roi.py raised SyntaxError: invalid syntax (line 1)"),
        (["import roikit", "def f(): return roikit.roi_pool()"], "error", "call",
         "roikit is not available while grading: write the function yourself"),
        (["def f(): import grader"], "error", "call",
         "grader is not available while grading: write the function yourself"),
        (["import matplotlib.pyplot as plt", "def f(): plt.show()"], "error", "call",
         "matplotlib is not available while grading"),
        (["def f(): raise NotImplementedError"], "error", "call",
         "f is not written yet (it raises NotImplementedError)"),
        (["f = 3"], "error", "call", "TypeError: 'int' object is not callable"),
        (["def f(x): pass"], "error", "call", "TypeError: f() missing 1 required positional argument: 'x'"),
        (["def f():", "    return [0][3]"], "error", "call",
         "IndexError: list index out of range (in f, roi.py, line 2)"),
        (["def f():", "    yield 1"], "error", "return",
         "f returned a generator; return a NumPy array (or numbers, tuples, lists)"),
        (["import sys", "def f(): sys.exit(0)"], "crashed", "call", "f ended the process (sys.exit(0))"),
        (["import sys", "sys.exit()"], "crashed", "import",
         "importing the file ended the process (sys.exit())"),
        (["import os", "def f(): os._exit(3)"], "crashed", "call", "f ended the process (exit code 3)"),
        (["import os", "os.abort()"], "crashed", "import", "importing the file crashed (SIGABRT)"),
        (["def f():", "    while True: pass"], "timeout", "call", "f took more than 1 s"),
        (["while True: pass"], "timeout", "import", "importing the file took more than 1 s"),
        (["import numpy as np", "def f(): return np.ones(1 << 40)"], "memory", "call",
         "f ran out of memory (Unable to allocate 8.00 TiB for an array with shape (1099511627776,) and data "
         "type float64)"),
        (["def f():", "    a = []", "    while True: a.append(bytearray(10**6))"], "memory", "call",
         "f used more than 192 MiB of memory"),
        (["a = []", "while True: a.append(bytearray(10**6))"], "memory", "import",
         "importing the file used more than 192 MiB of memory"),
        (["def f():", "    while True: print('x' * 1000)"], "output_limit", "call",
         "f printed more than 2 MiB"),
        (["import numpy as np", "def f(): return np.ones(1 << 20)"], "output_limit", "call",
         "f returned more than 4 MiB"),
    ],
)  # fmt: skip
def test_outcomes(call, lines, status, phase, sentence):
    patience = {} if status == "timeout" else {"call_seconds": 30.0, "cpu_seconds": 30}  # for a busy machine
    outcome = call(module(*lines), **patience)
    assert (outcome.status, outcome.sentence, outcome.phase) == (status, sentence, phase)
    assert outcome.value is None


def test_processor_time_is_limited(call):
    outcome = call(module("def f():", "    while True: pass"), call_seconds=60.0, cpu_seconds=1)
    assert (outcome.status, outcome.sentence) == ("timeout", "f used more than 1 s of processor time")


def test_files_are_limited(call):
    many = "    for k in range(10**6): open(f'/tmp/{k}', 'w').close()"
    outcome = call(module("def f():", many))
    assert (outcome.status, outcome.sentence) == ("output_limit", "f wrote more than 5000 files or 24 MiB")
    large = "    for k in range(100): open(f'/tmp/{k}', 'wb').write(bytes(4 << 20))"
    outcome = call(module("def f():", large))
    assert outcome.status == "error"
    assert "No space left on device" in outcome.sentence


def test_traceback_holds_the_students_lines_alone(call):
    outcome = call(notebook("def g(x):\n    return x.size", "def f():\n    return g(1)"))
    assert outcome.sentence == "AttributeError: 'int' object has no attribute 'size' (in g, cell 1, line 2)"
    assert outcome.traceback.splitlines()[0] == "Traceback (most recent call last):"
    assert 'File "cell 2", line 2, in f' in outcome.traceback
    assert "/box" not in outcome.traceback


def test_text_is_cleaned(call):
    lines = ("    print('\\x1b[2J\\u202e' + 'x' * 10**6)", "    raise ValueError('\\x07\\n!')")
    outcome = call(module("def f():", *lines))
    assert outcome.sentence == "ValueError: \ufffd ! (in f, roi.py, line 3)"
    assert outcome.stdout.startswith("\ufffd[2J\ufffdxxx")
    assert len(outcome.stdout) <= Limits().prints_kept


# ---------------------------------------------------------------- and then
def test_a_new_process_after_anything_odd(full_rung, limits):
    source = module("import os", "def f(end):", "    if end: os._exit(0)", "    return os.getpid()")
    with Sandbox(source, limits, full_rung) as box:
        outcomes = [box.call("f", [end]).status for end in (False, True, False, True, False)]
    assert outcomes == ["returned", "crashed", "returned", "crashed", "returned"]


@pytest.mark.parametrize(
    ("body", "status", "kept"),
    [
        ("return 1", "returned", True),
        ("raise ValueError", "error", True),
        ("return (x for x in '')", "error", True),
        ("return numpy.empty(1 << 40)", "memory", False),
        ("hog()", "memory", False),
        ("time.sleep(60)", "timeout", False),
        ("print('x' * (3 << 20))", "output_limit", False),
        ("sys.exit()", "crashed", False),
        ("os.abort()", "crashed", False),
        ("os.closerange(3, 100)", "crashed", False),
        ("os.makedirs('/tmp/a/b')", "returned", False),  # more than the worker wipes away
    ],
)
def test_a_process_is_kept_after_what_is_ordinary_alone(full_rung, limits, body, status, kept):
    hog = "def hog():\n    a = []\n    while True: a.append(b'x' * (1 << 20))"
    source = module("import numpy, os, sys, time", hog, f"def f(): {body}")
    patient = 1.0 if status == "timeout" else 30.0  # for a busy machine
    limits = dataclasses.replace(limits, call_seconds=patient, cpu_seconds=30)
    with Sandbox(source, limits, full_rung) as box:
        first = box._ready_process()
        assert box.call("f", []).status == status
        assert (box._process is first) == kept


LITTERS = """
import os, tempfile, time
def f():
    time.sleep(0.3)  # for the watchdog to look
    here = tempfile.gettempdir()
    for name in ("result.npy", "result.json", "__init__.py", "sitecustomize.py"):
        open(os.path.join(here, name), "w").close()
    os.mkfifo(os.path.join(here, "pipe"))
    os.symlink("/etc/passwd", os.path.join(here, "link"))
    os.makedirs(os.path.join(here, "a/b"))
    return 1
"""
NOTES_WHAT_IT_OPENS = """
import sys
sys.path[:0] = {path!r}
from grader.records import Cell, Source
from grader.sandbox import Limits, Sandbox, choose_rung
rung = choose_rung({rung!r})
events = ("open", "os.listdir", "os.scandir", "os.remove", "os.rmdir", "os.rename", "os.chmod")
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event in events else None)
for _ in range(2):
    with Sandbox(Source((Cell("roi.py", {text!r}),), False), Limits(), rung) as box:
        assert box.call("f", []).value == 1
print(*opened, "the end", sep="\\n")
"""


@pytest.mark.parametrize("name", ["auto", "reduced"])
def test_nothing_is_read_from_the_sandbox(name, full_rung):
    """All that the grader opens or lists meanwhile is its own view of processes and control groups."""
    code = NOTES_WHAT_IT_OPENS.format(path=sys.path, rung=name, text=LITTERS)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *opened, last = run.stdout.splitlines()
    assert last == "the end"
    assert any(path.startswith("/proc/") for path in opened)
    for path in opened:
        assert not path.startswith(tempfile.gettempdir()), path
        assert not re.match(r"/proc/\d+/(root|cwd|fd)", path), path


def test_a_function_that_floods_at_once_is_not_taken_for_an_import_that_does(full_rung, limits):
    """The other functions still get their chance."""
    source = module("def f(): print('x' * 2000, flush=True)", "def g(): return 1")
    with Sandbox(source, dataclasses.replace(limits, prints_end=1000), full_rung) as box:
        assert [box.call("f", []).sentence for _ in range(5)] == ["f printed more than 1000 bytes"] * 5
        assert box.call("g", []).value == 1


def test_an_import_that_hangs_is_not_tried_again(full_rung, limits):
    with Sandbox(module("while True: pass"), limits, full_rung) as box:
        first, second = box.call("f", []), box.call("g", [])
    assert second.status == first.status == "timeout"
    assert second.sentence == "importing the file took more than 1 s (not run again)"


def test_a_function_that_hung_twice_is_not_tried_again(full_rung, limits):
    source = module("def f():", "    while True: pass", "def g(): return 1")
    with Sandbox(source, dataclasses.replace(limits, call_seconds=0.3), full_rung) as box:
        sentences = [box.call("f", []).sentence for _ in range(3)]
        assert box.call("g", []).value == 1
    assert sentences == ["f took more than 0.3 s"] * 2 + ["f took more than 0.3 s (not run again)"]


def test_the_whole_submission_has_a_budget(full_rung, limits):
    source = module("import time", "def f(): time.sleep(0.4)")
    with Sandbox(source, dataclasses.replace(limits, total_seconds=0.7), full_rung) as box:
        statuses = [box.call("f", []).status for _ in range(3)]
        assert statuses == ["returned", "returned", "timeout"]
        assert box.call("f", []).sentence == "f was not run: the submission has used up its 0.7 s"


def test_an_argument_that_cannot_cross_is_the_tests_fault(full_rung, limits):
    with (
        Sandbox(module("def f(x): pass"), limits, full_rung) as box,
        pytest.raises(AssignmentError, match="the test passes a function to f; this cannot be sent"),
    ):
        box.call("f", [module])


def test_our_own_failure_is_a_sandbox_error(full_rung, limits):
    """A worker that does not come up in time is nobody's zero."""
    hurried = dataclasses.replace(limits, start_seconds=0.001)
    with (
        pytest.raises(SandboxError, match=r"the sandbox did not start: it took more than 0\.001 s"),
        Sandbox(module("def f(): pass"), hurried, full_rung) as box,
    ):
        box.call("f", [])


SEARCHES = """
import re

def same(x):
    return x.copy()

def count(half):
    found, memory = 0, open("/proc/self/mem", "rb", 0)
    for line in open("/proc/self/maps"):
        if re.match(r"\\S+ r", line) and "[v" not in line:
            start, end = (int(word, 16) for word in re.split("[- ]", line)[:2])
            memory.seek(start)
            piece = memory.read(end - start)
            ends = (at.end() for at in re.finditer(half.encode(), piece))
            found += sum(piece.startswith(half[::-1].encode(), end) for end in ends)
    return found

def count_own(x, half):
    kept = x.copy()
    return count(half)
"""


def test_no_call_finds_in_memory_what_an_earlier_one_was_given(full_rung, limits):
    """Arguments and replies pass through the process that all calls are forked from."""
    if not full_rung.proc:
        pytest.skip("sandbox wall: no /proc to read memory through")
    half = "ROIKIT-7c31"  # the search itself holds half of what it looks for
    words = np.frombuffer((half + half[::-1]).encode() * 1000, np.uint8)
    limits = dataclasses.replace(limits, call_seconds=20.0, cpu_seconds=20)
    with Sandbox(module(SEARCHES), limits, full_rung) as box:
        assert box.call("count", [half]).value == 0
        assert box.call("same", [words]).status == "returned"
        assert box.call("count", [half]).value == 0
        assert box.call("count_own", [words, half]).value >= 1000
