"""Places for sandboxes that no other grading process on this machine uses: a slot is one user and one core."""

from __future__ import annotations

import errno
import socket

from grader.errors import SandboxError

EACH = 2  # of a grading process: one sandbox in use, the next one starting
PLACES = 500  # grading processes on one machine


class Claim:
    """A pair of slots, held until `release` or the end of the process.

    The claim is a name in Linux's abstract socket namespace: it needs no file, and a process that dies gives it
    back. Two runs of ``roikit grade`` on one machine thus never share a private user and its limits.

    Parameters
    ----------
    place : int
        Number of this grading process within its run; the search for a free pair starts here.
    """

    def __init__(self, place: int = 0) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        for number in range(place, place + PLACES):
            try:
                self._socket.bind(f"\0roikit-place-{number % PLACES}")
            except OSError as problem:
                if problem.errno != errno.EADDRINUSE:
                    self._socket.close()
                    raise SandboxError(f"no place for a sandbox can be claimed: {problem.strerror}") from None
                continue
            self.first = number % PLACES * EACH
            return
        self._socket.close()
        raise SandboxError(f"{PLACES} grading processes run on this machine already")

    def release(self) -> None:
        """Give the pair back."""
        self._socket.close()
