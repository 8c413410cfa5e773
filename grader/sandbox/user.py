"""Users that own nothing, one for each sandbox that root has running."""

from __future__ import annotations

import socket

from grader.errors import SandboxError

FIRST_UID, COUNT = 60_000, 1000  # above people's accounts, below systemd's dynamic users


class PrivateUser:
    """A uid that no other sandbox here has at the time: process limits and kills go by it.

    The claim is a socket bound to an abstract name: it ends with the process that holds it, however it ends.
    """

    def __init__(self, slot: int) -> None:
        self._claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        for step in range(COUNT):
            self.uid = FIRST_UID + (slot + step) % COUNT
            try:
                self._claim.bind(f"\0roikit-sandbox-user-{self.uid}")
            except OSError:
                continue  # another sandbox has it
            return
        self._claim.close()
        raise SandboxError(f"all {COUNT} users for sandboxes are in use")

    def close(self) -> None:
        """Gives the uid back; may be called twice."""
        self._claim.close()
