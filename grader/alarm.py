"""A limit on the time of code that runs in this very process: a test's own, and a student's in a self-check.

It rings where there is an alarm clock: not on Windows, and in the main thread alone. Python hears it between
two of its own steps. A grading process that hears nothing, in an endless loop in C, is ended, and says on
stderr where it was; another one takes its place.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Code that catches everything, in a loop, is told again; code that hears nothing is given so long.
_AGAIN_SECONDS = 5.0


class TooLong(BaseException):
    """Not an Exception: an ``except Exception`` around the loop must not swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in what runs inside, once it has taken `seconds`; an endless loop ends so."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    _start(seconds)
    try:
        yield
    finally:
        _stop()
        signal.signal(signal.SIGALRM, before)


@contextmanager
def paused() -> Iterator[None]:
    """Stop the clock of the `time_limit` around, if there is one, for something with a limit of its own."""
    left = _stop() if hasattr(signal, "setitimer") else 0
    try:
        yield
    finally:
        if left:
            _start(left)


def _start(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    if _can_be_replaced():
        faulthandler.dump_traceback_later(seconds + 2 * _AGAIN_SECONDS, exit=True)


def _stop() -> float:
    """Stop the clock; the seconds that were left on it."""
    if _can_be_replaced():
        faulthandler.cancel_dump_traceback_later()
    return signal.setitimer(signal.ITIMER_REAL, 0)[0]


def _can_be_replaced() -> bool:
    return multiprocessing.parent_process() is not None


def _ring(number: int, frame: Any) -> None:
    raise TooLong
