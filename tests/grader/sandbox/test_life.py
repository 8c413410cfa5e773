"""No process of a sandbox outlives it, whoever dies first."""

import contextlib
import os
import runpy
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.records import Cell, Source
from grader.sandbox import Sandbox, WorkerProcess, watchdog

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
        worker, session = watchdog.descendants(box._process._pid)
        assert worker == box._process._pid
    assert not Path(f"/proc/{session}").exists()


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


def test_one_that_is_still_starting_is_ended(any_rung, limits):
    """It is not the sandbox's user yet."""
    process = WorkerProcess(limits, any_rung)
    pidfd = os.pidfd_open(process._process.pid)
    process.close()
    assert ended([pidfd])
    os.close(pidfd)


def test_no_descriptors_are_left(any_rung, limits):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with Sandbox(SOURCE, limits, any_rung) as box:
            box.call("stay", [])
    assert len(os.listdir("/proc/self/fd")) == before


KILLS_ITS_WORKER = STAYS + """
def kill_worker():
    stay()
    os.kill(os.getppid(), signal.SIGKILL)
    while True: time.sleep(0.05)
"""
ROOT = """
import sys
sys.path[:0] = {path!r}
from grader.sandbox import Limits, Sandbox, choose_rung, watchdog
from grader.records import Cell, Source
with Sandbox(Source((Cell("kills.py", {text!r}),), False), Limits(), choose_rung("none")) as box:
    uid = box._process._uid
    print(box.call("kill_worker", []).sentence)
    print(watchdog.of_user(uid))
"""


def test_a_worker_killed_by_its_child_leaves_nothing():
    """For root, who can give a sandbox a user of its own, by whom what is left can be told."""
    users = runpy.run_path(str(Path(__file__).parent / "harness" / "users.py"))
    program = [sys.executable, "-c", ROOT.format(path=sys.path, text=KILLS_ITS_WORKER)]
    try:
        command = users["command"]("root", program)
    except users["CannotBe"] as reason:
        pytest.skip(str(reason))
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd="/", check=True)
    assert done.stdout == "kill_worker ended the process that runs it\n[]\n"
