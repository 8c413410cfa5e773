"""Our end of a station: a grading process and the pipe to it. It ends with the process that started it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from grader import interrupts
from grader.errors import GraderError
from grader.executors import Job, Work
from grader.records import SubmissionResult

#: Stations that may die one after the other before their first job until the run is given up.
PATIENCE = 3
END_SECONDS = 5.0  # for stations that have nothing left to do

#: What the new Python runs, in "/": a hand-in in the current folder may be called ``pickle.py``, so modules
#: of the standard library are imported before our own path is there.
_PROGRAM = (
    "import sys, pickle, multiprocessing.connection; sys.path[:] = sys.argv[3:]; "
    "from grader.executors.station import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)


class DieEarly(GraderError):
    """The grading processes of this machine cannot start."""

    def __init__(self) -> None:
        super().__init__("the grading processes die before they start")


class Station:
    """A grading process that does `work`, as number `place` of its machine.

    Started by `subprocess` rather than `multiprocessing`, which refuses it to the daemonic processes that
    Dask's workers are.
    """

    def __init__(self, work: Work, place: int) -> None:
        self.job: Job | None = None
        self.is_ready = False
        ours, theirs = socket.socketpair()
        beats, self._lifeline = os.pipe()  # it reads until we are gone, however we go
        path = [os.path.abspath(entry) for entry in sys.path]
        try:
            with _signals_held_back():  # until it can ignore them
                self._process = subprocess.Popen(
                    [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), str(beats), *path],
                    stdin=subprocess.DEVNULL, cwd="/", pass_fds=(theirs.fileno(), beats),
                )  # fmt: skip
        except BaseException:
            ours.close()
            os.close(self._lifeline)
            raise
        finally:
            theirs.close()
            os.close(beats)
        self.connection: Connection = Connection(ours.detach())
        self._send((work, place))

    def give(self, job: Job | None) -> None:
        """The next one to grade; None: there is no more for now."""
        self.job = job
        if job is not None:
            self._send(job)

    def answer(self) -> tuple[int, SubmissionResult] | None:
        """What it says: None when it is ready, later its results; EOFError when it has died."""
        try:
            message = self.connection.recv()
        except OSError:
            raise EOFError from None
        if isinstance(message, Exception):
            raise message
        self.is_ready = True
        return message

    def epitaph(self, work: Work) -> tuple[int, SubmissionResult] | None:
        """The result of what it was grading when it died."""
        code = self._process.wait()
        self.close()
        if self.job is None:
            return None
        number, submission = self.job
        return number, work.lost(submission, f"the grading process died (exit code {code})")

    def no_more(self) -> None:
        """It ends by its front door."""
        self.connection.close()

    def wait(self, seconds: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, seconds))

    def close(self) -> None:
        """End it, at once; may be called twice."""
        self._process.kill()
        self._process.wait()
        self.connection.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1

    def _send(self, message: Any) -> None:
        with contextlib.suppress(OSError):  # it has just died: its end of the pipe will tell
            self.connection.send(message)


def let_end(stations: Iterable[Station]) -> None:
    """All is done: each closes its sandbox."""
    ending = [station for station in stations if station.is_ready]  # the others have nothing yet
    end = time.monotonic() + END_SECONDS
    for station in ending:
        station.no_more()
    for station in ending:
        station.wait(end - time.monotonic())


def close(stations: Iterable[Station]) -> None:
    """End all of them."""
    with interrupts.uninterrupted():
        for station in stations:
            station.close()


@contextlib.contextmanager
def _signals_held_back() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, interrupts.SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
