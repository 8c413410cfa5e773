"""Whose a control group or a scratch folder is: what dead graders left is told by its name, and removed."""

from __future__ import annotations

import os
import re
from pathlib import Path

_OWNER = re.compile(r"grader-(\d+)-(\d+)-\d+(?=-)")


def name(pid: int) -> str:
    """Part of the names of all that a process makes: pids are used again, but not with the start time.

    A pid means something in its namespace alone, so that is in the name as well.
    """
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return f"grader-{_namespace()}-{pid}-{int(fields[19])}"


def is_gone(made: str) -> bool:
    """Whether ``made`` is the name of something that a process of this namespace made, which has ended."""
    found = _OWNER.search(made)
    return found is not None and int(found[1]) == _namespace() and not _lives(found[0], int(found[2]))


def _namespace() -> int:
    return os.stat("/proc/self/ns/pid").st_ino


def _lives(owner: str, pid: int) -> bool:
    try:
        return name(pid) == owner
    except (FileNotFoundError, ProcessLookupError):
        return False
