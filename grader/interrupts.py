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
    listening = False
    seen = 0  # signals since the listening began
    allowed = 0.0  # one more than these raises


@contextmanager
def listening() -> Iterator[None]:
    """Turn the signals into KeyboardInterrupt; those that are ignored (``nohup``) stay ignored.

    Inside of another listening it does nothing: the signals are counted from the beginning of that one.
    """
    if _State.listening or threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may listen, and only there they raise
        return
    heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, _hear) or signal.SIG_DFL for number in heard}
    _State.listening = True
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _State.seen, _State.listening = 0, False


@contextmanager
def allowing(count: float) -> Iterator[None]:
    """Let so many signals pass, counted from the beginning of the listening; one more raises."""
    before, _State.allowed = _State.allowed, count
    try:
        check()
        yield
    finally:
        _State.allowed = before


@contextmanager
def uninterrupted() -> Iterator[None]:
    """For what must not be left half done, and is soon over: afterwards they raise."""
    with allowing(math.inf):
        yield
    check()


def _hear(number: int, frame: FrameType | None) -> None:
    _State.seen += 1
    check()


def came() -> bool:
    """Whether there was a signal since the listening began."""
    return _State.seen > 0


def check() -> None:
    """Raise for a signal that was let pass, where none may pass any more."""
    if _State.seen > _State.allowed:
        raise KeyboardInterrupt
