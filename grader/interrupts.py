"""Ctrl-C, SIGTERM and SIGHUP end the grading at once; of what is written afterwards, the second one does.

    with listening():
        with allowing(1):            # one of them may come without ending this
            with allowing(0):        # but ends this, with KeyboardInterrupt
                ...
"""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: Those that this system has; Windows has no SIGHUP.
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _State:
    seen = 0  # signals since the listening began
    allowed = 0.0  # one more than these raises


@contextmanager
def listening() -> Iterator[None]:
    """Turn the signals into KeyboardInterrupt; those that are ignored (``nohup``) stay ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may listen, and only there they raise
        return
    heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, _hear) or signal.SIG_DFL for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _State.seen = 0


@contextmanager
def allowing(count: float) -> Iterator[None]:
    """Let so many signals pass, counted from the beginning of the listening; one more raises."""
    before, _State.allowed = _State.allowed, count
    try:
        _check()
        yield
    finally:
        _State.allowed = before


@contextmanager
def uninterrupted() -> Iterator[None]:
    """For what must not be left half done, and is soon over: afterwards they raise."""
    with allowing(math.inf):
        yield
    _check()


def _hear(number: int, frame: FrameType | None) -> None:
    _State.seen += 1
    _check()


def _check() -> None:
    if _State.seen > _State.allowed:
        raise KeyboardInterrupt
