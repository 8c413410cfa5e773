"""A station from inside: says None when it is ready, then answers every job with (number, result)."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

from grader import alarm, interrupts
from grader.errors import GraderError
from grader.executors import Job
from grader.records import SubmissionResult


def main(link: int, lifeline: int) -> None:
    """Do the work that the first message brings, until the link is closed."""
    for number in interrupts.SIGNALS:  # the first process's to handle
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupts.SIGNALS)
    for fd in (link, lifeline):
        os.set_inheritable(fd, False)
    threading.Thread(target=_end_with_the_first_process, args=(lifeline,), daemon=True).start()
    alarm.another_takes_our_place()
    connection = Connection(link)

    def jobs() -> Iterator[Job]:
        connection.send(None)
        with contextlib.suppress(EOFError):  # there are no more
            while True:
                yield connection.recv()

    def done(number: int, result: SubmissionResult) -> None:
        connection.send((number, result))

    try:
        work, place = connection.recv()
        work.serve(jobs(), done, place)
    except (OSError, EOFError):
        pass  # the first process has gone
    except GraderError as problem:
        connection.send(problem)


def _end_with_the_first_process(lifeline: int) -> None:
    """The link would tell only after the submission that is being graded."""
    os.read(lifeline, 1)
    os._exit(1)
