"""One submission after the other in one worker: each in a process of its own, of which nothing is left."""

import pytest

from grader import pipeline
from grader.records import Cell, Source, Submission
from grader.sandbox import Sandbox, WorkerProcess


def module(*lines):
    return Source((Cell("roi.py", "\n".join(lines)),), False)


@pytest.fixture
def called(full_rung, limits):
    """Source -> what f gave."""

    def call(source):
        with Sandbox(source, limits, full_rung) as box:
            return box.call("f", [])

    return call


def served(texts, plan):
    """``(what f gave, the worker)`` of one submission after the other."""
    found = []
    with pipeline.Boxes(plan) as boxes:
        for text in texts:
            with boxes.open(Submission("ada", "roi.py", module(text))) as box:
                found.append((box.call("f", []), box._process))
    return found


SEES = "import os\nseen = os.listdir('/tmp')\nopen('/tmp/mark', 'w').close()\ndef f(): return seen"


def test_submissions_follow_each_other_in_one_worker(full_rung, toy):
    """What one does no other can see."""
    found = served([SEES] * 3, pipeline.Plan(toy, full_rung, 1))
    assert [outcome.value for outcome, _ in found] == [[]] * 3
    assert len({worker for _, worker in found}) == 1


@pytest.mark.parametrize("left", ["os.makedirs('/tmp/a/b')", "os._exit(0)"])
def test_a_worker_that_is_not_as_new_is_not_used_again(full_rung, limits, left):
    worker = WorkerProcess(limits, full_rung)
    with Sandbox(module(f"import os\ndef f(): {left}"), limits, full_rung, prepared=worker) as box:
        box.call("f", [])
        assert box.leave() is not worker
    with Sandbox(module(SEES), limits, full_rung) as box:
        assert box.call("f", []).value == []


@pytest.mark.parametrize(
    "sends",
    [
        "os.kill(os.getppid(), 9)",
        "os.kill(-os.getppid(), 19)",
        "os.kill(-1, 9)",
        "signal.pidfd_send_signal(os.open(f'/proc/{os.getppid()}', os.O_DIRECTORY), 9)",
        "fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
    ],
)
def test_no_signal_reaches_the_process_of_the_submission(called, sends):
    """Whether it ended before or after the reply, and so what came of the call, would be chance."""
    outcome = called(module("import fcntl, os, signal", f"def f(): {sends}"))
    assert outcome.sentence.startswith("PermissionError: ")


def test_a_signal_to_the_group_of_a_call(called):
    assert called(module("import os", "def f(): os.kill(0, 9)")).sentence == "f crashed (SIGKILL)"


HUNTS = """
import re
def f():
    wanted = b"what ada" + b" thought of"
    found = []
    for line in open("/proc/self/maps"):
        begin, end = (int(digits, 16) for digits in line.split()[0].split("-"))
        if line.split()[1].startswith("rw") and end - begin < 64 << 20:
            with open("/proc/self/mem", "rb") as memory:
                memory.seek(begin)
                found += re.findall(wanted + b" [0-9]{3}", memory.read(end - begin))
    return len(found)
"""


def test_the_source_of_the_submission_before_is_not_in_memory(full_rung, toy):
    ada = 'SECRET = "what ada thought of 123"\ndef f(): return SECRET'
    own = HUNTS + '\nSECRET = "what ada thought of 123"\n'
    found = served([ada, HUNTS, own], pipeline.Plan(toy, full_rung, 1))
    assert len({worker for _, worker in found}) == 1
    assert found[1][0].value == 0
    assert found[2][0].value > 0  # what is there would be found
