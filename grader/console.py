"""The console of the command: who stops reading (``| head``, a closed terminal) loses words, not results."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def console() -> Console:
    """A console on stdout; not an error where nobody reads it."""
    from rich.console import Console

    return Console(file=_Patient(sys.stdout))


class _Patient:
    """A text stream that goes on when it cannot write any more."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            self._stop()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            self._stop()

    def _stop(self) -> None:
        """Into nothing from now on, also what Python flushes at the very end."""
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)
