"""Work for `grader.executors` without a sandbox; a module, so that other processes can import it."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from grader.errors import AssignmentError
from grader.records import SubmissionResult


def result(submission, outcome="correct", sentence=""):
    return SubmissionResult(submission.student, submission.path, outcome, 1.0, 1.0, (), (sentence,))


@dataclass(frozen=True)
class Echo:
    """Work that answers at once; a student's name is what goes wrong."""

    fails_at_start: str = ""
    folder: Path | None = None  # where each process prepares something, and closes it

    def serve(self, jobs, done, place):
        if self.fails_at_start == "dies":
            os._exit(9)
        if self.fails_at_start == "raises":
            raise AssignmentError("the tests are wrong")
        if self.fails_at_start == "every second" and self.turn() % 2:
            os._exit(9)
        prepared = self.folder / str(os.getpid()) if self.folder else None
        for number, submission in jobs:
            if submission.student == "kills":
                os.kill(os.getpid(), signal.SIGKILL)
            if submission.student == "exits":
                os._exit(7)
            if submission.student == "kills its worker" and self.turn() == 1:
                os.kill(os.getppid(), signal.SIGKILL)
            if submission.student == "stops its worker" and self.turn() == 1:
                (self.folder / "stopped").write_text(str(os.getppid()))
                os.kill(os.getppid(), signal.SIGSTOP)
            if submission.student == "slow":
                time.sleep(0.3)
            if submission.student == "stays":
                time.sleep(600)
            if prepared:
                prepared.touch()
            done(number, result(submission))
        if prepared:
            prepared.rename(prepared.with_suffix(".closed"))

    def turn(self):
        """1, 2, ... over all the processes."""
        for number in itertools.count(1):
            with contextlib.suppress(FileExistsError):
                (self.folder / f"turn {number}").touch(exist_ok=False)
                return number

    def lost(self, submission, reason):
        return result(submission, "internal_error", reason)
