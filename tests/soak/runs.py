"""The grader as a process that can be killed at any moment, and what is left of it afterwards."""

import ctypes
import os
import select
import signal
import sys
import time
import traceback
from pathlib import Path

import nbgrader.api  # noqa: F401 - a fork begins where this process is: with all modules read
from moments import Count, tell_steps

from grader import cli, grading, nbgrader_bridge, pipeline, rehearsal  # noqa: F401
from grader.report import html, terminal  # noqa: F401
from grader.sandbox import watchdog

PATIENCE = 120  # seconds until a process that should end by itself is called a survivor


class Run:
    """The grader as a process: a fork of this one, or ``cold`` from the very start of Python."""

    def __init__(self, arguments, log, moment=None, cold=False):
        self.pid = os.fork()
        if not self.pid:
            _become_the_grader(arguments, log, moment, cold)
        self._started = time.monotonic()

    def wait(self, seconds=None):
        """Its exit status, negative for a signal; None when it still runs after `seconds`."""
        pidfd = os.pidfd_open(self.pid)
        try:
            if not select.select([pidfd], [], [], seconds)[0]:
                return None
        finally:
            os.close(pidfd)
        self.seconds = time.monotonic() - self._started
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()


def _become_the_grader(arguments, log, moment, cold):
    """The child's life; it never returns."""
    code = 70
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.chdir(log.parent)  # what is installed is run, not what lies here
        if cold:
            os.execv(sys.executable, [sys.executable, "-m", "grader.cli", *arguments])
        if moment is not None:
            tell_steps(Path(arguments[arguments.index("--output") + 1]), moment)
        code = cli.main(arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        if isinstance(moment, Count):
            moment.write()
        os._exit(code)


def survivors(but=()):
    """What is left of the grader's processes once they have had time to notice; see `adopt_orphans`."""
    end = time.monotonic() + PATIENCE
    while True:
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                return []
        left = [pid for pid in watchdog.descendants(os.getpid())[1:] if pid not in but]
        if not left or time.monotonic() > end:
            return left
        try:
            pidfd = os.pidfd_open(left[0])
        except ProcessLookupError:
            continue
        select.select([pidfd], [], [], max(0.0, end - time.monotonic()))
        os.close(pidfd)


def adopt_orphans():
    """Become the parent of whoever loses theirs."""
    if ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")
