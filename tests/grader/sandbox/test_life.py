"""No process of a sandbox outlives it, whoever dies first."""

import contextlib
import os
import select
import signal
import subprocess
import sys

import pytest

from grader.records import Cell, Source
from grader.sandbox import Sandbox, choose_rung, watchdog

# Starts what would like to stay: a daemon in a session of its own, a thread, a child that ignores signals.
STAYS = """
import os, signal, threading, time
def stay():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True: time.sleep(0.05)
        os._exit(0)
    threading.Thread(target=time.sleep, args=(1000,)).start()
def linger():
    stay()
    while True: time.sleep(0.05)
"""
SOURCE = Source((Cell("stays.py", STAYS),), is_notebook=False)


def ended(pidfds, seconds=5.0):
    """Whether all the processes end in time."""
    waiting = set(pidfds)
    while waiting:
        ready, _, _ = select.select(list(waiting), [], [], seconds)
        if not ready:
            return False
        waiting -= set(ready)
    return True


def test_nothing_is_left_between_calls(any_rung, limits):
    with Sandbox(SOURCE, limits, any_rung) as box:
        assert box.call("stay", []).status == "returned"
        process = box._process
        assert watchdog.descendants(process._pid) == [process._pid]


def test_nothing_is_left_after_close(any_rung, limits):
    with Sandbox(SOURCE, limits, any_rung) as box:
        assert box.call("linger", []).status == "timeout"
        assert box.call("stay", []).status == "returned"
        pidfds = [os.pidfd_open(pid) for pid in watchdog.descendants(box._process._process.pid)]
        box.close()
    assert ended(pidfds)
    for pidfd in pidfds:
        os.close(pidfd)


GRADER = """
import os, sys, threading
sys.path[:0] = {path!r}
from grader.sandbox import Limits, Sandbox, choose_rung, watchdog
from grader.records import Cell, Source
box = Sandbox(Source((Cell("stays.py", {text!r}),), False), Limits(), choose_rung({rung!r}))
box.call("stay", [])
def tell():
    found = []
    while len(found) < 4:  # bubblewrap or the worker, the call, and what it started
        found = watchdog.descendants(box._process._process.pid)
    print(*found, flush=True)
threading.Thread(target=tell).start()
box.call("linger", [])
"""


@pytest.mark.parametrize("name", ["auto", "reduced", "none"])
def test_kill_9_of_the_grader_leaves_nothing(name, full_rung):
    code = GRADER.format(path=sys.path, text=STAYS, rung=name)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as grader:
        line = grader.stdout.readline()
        pidfds = []
        for pid in line.split():
            with contextlib.suppress(ProcessLookupError):  # the first of two forks has ended
                pidfds.append(os.pidfd_open(int(pid)))
        assert len(pidfds) >= 3
        grader.send_signal(signal.SIGKILL)
        grader.wait()
    assert ended(pidfds)
    for pidfd in pidfds:
        os.close(pidfd)


def test_no_descriptors_are_left(any_rung, limits):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with Sandbox(SOURCE, limits, any_rung) as box:
            box.call("stay", [])
    assert len(os.listdir("/proc/self/fd")) == before


KILLS_ITS_WORKER = SOURCE.cells[0].text + """
def kill_worker():
    stay()
    os.kill(os.getppid(), signal.SIGKILL)
    while True: time.sleep(0.05)
"""


if os.geteuid() == 0:  # only root can give a sandbox a user of its own, by whom what is left can be told

    def test_a_worker_killed_by_its_child_leaves_nothing(limits):
        """Where that can be done at all."""
        rung = choose_rung("none")
        with Sandbox(Source((Cell("kills.py", KILLS_ITS_WORKER),), False), limits, rung) as box:
            uid = box._process._uid
            assert box.call("kill_worker", []).sentence == "kill_worker ended the process that runs it"
            assert watchdog.of_user(uid) == []
