"""A limit on the time of code that runs in this very process: a test's own, and a student's in a self-check.

It rings where there is an alarm clock: not on Windows, and in the main thread alone. Python hears it between
two of its own steps. A grading process that hears nothing, in an endless loop in C, is ended, and says on
stderr where it was; another one takes its place.
"""

from __future__ import annotations

import faulthandler
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Code that catches everything, in a loop, is told again; code that hears nothing is given so long.
_AGAIN_SECONDS = 5.0
#: What ends the process is a thread: it waits so much longer, or twice that, and serves limits to come.
_SLACK_SECONDS = 3.0


class TooLong(BaseException):
    """Not an Exception: an ``except Exception`` around the loop must not swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in what runs inside, once it has taken `seconds`; an endless loop ends so."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _clock.ring)
    _clock.start(seconds)
    try:
        yield
    finally:
        _clock.stop()
        signal.signal(signal.SIGALRM, before)


@contextmanager
def paused() -> Iterator[None]:
    """Stop the clock of the `time_limit` around, if there is one, for something with a limit of its own."""
    left = _clock.stop() if hasattr(signal, "setitimer") else 0
    try:
        yield
    finally:
        if left:
            _clock.start(left)


@contextmanager
def many_limits() -> Iterator[None]:
    """Around many a `time_limit`, one after another: what ends a process is then not made anew for each."""
    if not _clock.is_replaced or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _clock.ring)
    _clock.keeps_watchdog = True
    try:
        yield
    finally:
        _clock.keeps_watchdog = False
        _clock.stop()
        signal.signal(signal.SIGALRM, before)


class _Clock:
    """The process's alarm clock, and the watchdog behind it, which bites where nobody hears the clock."""

    def __init__(self) -> None:
        self.is_replaced = False  # by another process, where this one is ended
        self.keeps_watchdog = False
        self._is_running = False
        self._bites: float | None = None  # when the watchdog does, if it is there

    def start(self, seconds: float) -> None:
        self._is_running = True
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        if not self.is_replaced:
            return
        soonest = time.monotonic() + seconds + 2 * _AGAIN_SECONDS
        if self._bites is None or not soonest <= self._bites <= soonest + 2 * _SLACK_SECONDS:
            self._bites = soonest + (_SLACK_SECONDS if self.keeps_watchdog else 0)
            faulthandler.dump_traceback_later(self._bites - time.monotonic(), exit=True)

    def stop(self) -> float:
        """The seconds that were left; a watchdog that stays is called off before it bites."""
        is_running, self._is_running = self._is_running, False
        rest = self._bites - time.monotonic() - _AGAIN_SECONDS if self._bites is not None else 0.0
        if rest <= 0 or not self.keeps_watchdog:
            self._call_off()
            rest = 0.0
        left = signal.setitimer(signal.ITIMER_REAL, rest)[0]
        return left if is_running else 0.0

    def ring(self, number: int, frame: Any) -> None:
        if self._is_running:
            raise TooLong
        self._call_off()

    def _call_off(self) -> None:
        if self._bites is not None:
            faulthandler.cancel_dump_traceback_later()
            self._bites = None


_clock = _Clock()


def another_takes_our_place() -> None:
    """Said by a process that may be ended where it hears no alarm: the one that started it goes on."""
    _clock.is_replaced = True
