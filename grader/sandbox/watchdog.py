"""What the grader can see of a sandbox from outside: memory and files that no rlimit adds up."""

from __future__ import annotations

import os
import re

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def descendants(pid: int) -> list[int]:
    """``pid`` and every process below it."""
    found, todo = [pid], [pid]
    while todo:
        parent = todo.pop()
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{thread}/children") as file:
                    children = [int(word) for word in file.read().split()]
                found += children
                todo += children
        except OSError:
            pass  # it has just ended
    return found


def of_user(uid: int) -> list[int]:
    """Every process of one user."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/status") as file:
                if re.search(rf"^Uid:\t{uid}\t", file.read(), re.M):
                    found.append(int(name))
        except OSError:
            pass  # it has just ended
    return found


def memory(pid: int, limit: int) -> int:
    """Bytes that the processes from ``pid`` down hold; exact only where it matters, above ``limit``.

    Resident sizes count a page once for every process that shares it. So an excess is confirmed with the
    proportional sizes, which are slow to read.
    """
    processes = descendants(pid)
    resident = sum(_resident(process) for process in processes)
    return resident if resident <= limit else sum(_proportional(process) for process in processes)


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            found = re.search(r"^Pss: +(\d+) kB", file.read(), re.M)
    except PermissionError:
        return _resident(pid)
    except OSError:
        return 0
    return int(found[1]) << 10 if found else _resident(pid)


def files(pid: int, folder: str) -> tuple[int, int]:
    """``(how many files, bytes)`` in the tmpfs ``folder`` of the sandbox whose process 1 is ``pid``."""
    try:
        space = os.statvfs(f"/proc/{pid}/root{folder}")
    except OSError:
        return 0, 0
    return space.f_files - space.f_ffree, (space.f_blocks - space.f_bfree) * space.f_frsize
