"""Control groups: exact limits on the memory and the processes of a sandbox, where the grader may make them.

An addition, no wall that a rung promises: without one the watchdog and the rlimits stand alone. A worker
enters a group of its own before it is given anybody's code.

    version 1, two trees    memory/roikit/GROUP and pids/roikit/GROUP
    version 2, one tree     roikit/GROUP, or below the grader's own group: OWN/GROUP, OWN/roikit-self

For an ordinary user ``roikit`` is a folder that an administrator made and gave to that user, and a group of
its own comes from ``systemd-run --user --scope -p Delegate=yes``.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import owner
from .watchdog import descendants

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
SHARED, SELF = "roikit", "roikit-self"
CONTROLLERS = ("memory", "pids")
CLOSE_SECONDS = 2.0  # for processes that are being killed to go
_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """A folder for memory and one for processes, on version 2 the same: where groups are, or one group."""

    version: int
    memory: Path
    pids: Path

    @property
    def folders(self) -> list[Path]:
        return sorted({self.memory, self.pids})

    def below(self, name: str) -> Place:
        """The folders of the group of that name."""
        return Place(self.version, self.memory / name, self.pids / name)

    def settings(self, memory: int, processes: int) -> Iterator[tuple[Path, str, int, bool]]:
        """``(folder, file, value, whether every kernel has it)`` of the limits of a group, in order."""
        if self.version == 1:
            yield self.memory, "memory.limit_in_bytes", memory, True
            yield self.memory, "memory.memsw.limit_in_bytes", memory, False
            yield self.memory, "memory.swappiness", 0, False
        else:
            yield self.memory, "memory.max", memory, True
            yield self.memory, "memory.swap.max", 0, False
            yield self.memory, "memory.oom.group", 1, False
        yield self.pids, "pids.max", processes, True


# ---------------------------------------------------------------- where
@functools.cache
def find() -> Place | None:
    """Where this process may make groups; tried out once, and what dead graders left there is removed."""
    for open_place in (_shared, _own):
        try:
            place = open_place()
            remove_left(place)
            _try(place)
        except OSError:
            continue
        return place
    return None


def _groups() -> dict[str, str]:
    """controller -> group of this process; under "" the one of version 2."""
    lines = (line.split(":", 2) for line in OWN.read_text().splitlines())
    return {name: path.lstrip("/") for _, names, path in lines for name in names.split(",")}


def _shared() -> Place:
    folders = {name: ROOT / name / SHARED for name in CONTROLLERS}
    if all((ROOT / name).is_dir() for name in CONTROLLERS):
        for folder in folders.values():
            folder.mkdir(exist_ok=True)
        return Place(1, *folders.values())
    return _version_2(ROOT / SHARED)


def _own() -> Place:
    groups = _groups()
    if set(CONTROLLERS) <= groups.keys():
        return Place(1, *(ROOT / name / groups[name] for name in CONTROLLERS))
    folder = ROOT / groups.get("", "")
    return _version_2(folder.parent if folder.name == SELF else folder)


def _version_2(folder: Path) -> Place:
    """Has the kernel give the controllers to the groups of ``folder``, which may hold no process then."""
    if not set(CONTROLLERS) <= set((ROOT / "cgroup.controllers").read_text().split()):
        raise FileNotFoundError("version 2 does not have the controllers")
    folder.mkdir(exist_ok=True)
    switch = folder / "cgroup.subtree_control"
    if not set(CONTROLLERS) <= set(switch.read_text().split()):
        inside = set(_processes(folder))
        if not inside <= set(descendants(os.getpid())):
            raise PermissionError("others live in this group")
        if inside:
            (folder / SELF).mkdir(exist_ok=True)
        for pid in inside:
            _move(folder / SELF, pid)
        switch.write_text(" ".join(f"+{name}" for name in CONTROLLERS))
    return Place(2, folder, folder)


def _try(place: Place) -> None:
    group = Group(place, 64 << 20, 8)
    waits = [sys.executable, "-S", "-c", "import sys; sys.stdin.read()"]
    try:
        with subprocess.Popen(waits, stdin=subprocess.PIPE) as process:
            group.enter(process.pid)
    finally:
        group.close()


# ---------------------------------------------------------------- a group
class Group:
    """The group of one worker; ``OSError`` where the place has become unusable."""

    def __init__(self, place: Place, memory: int, processes: int) -> None:
        name = f"{owner.name(os.getpid())}-{next(_numbers)}"
        self._own = place.below(name)
        try:
            for folder in self._own.folders:
                folder.mkdir()
            for folder, file, value, is_everywhere in self._own.settings(memory, processes):
                if is_everywhere or (folder / file).exists():
                    (folder / file).write_text(str(value))
        except OSError:
            self.close()
            raise

    def enter(self, pid: int) -> None:
        """Moves a process in; what it starts from now on is in as well."""
        for folder in self._own.folders:
            _move(folder, pid)

    def ran_out(self) -> bool:
        """Whether the kernel has killed a process of the group because the group reached its memory limit.

        One that dies because the whole machine is out of memory is not meant.
        """
        if self._own.version == 2:
            return all(self._number("memory.events", label) > 0 for label in ("max ", "oom_kill "))
        if self._number("memory.oom_control", "oom_kill ") == 0:
            return False
        highest, limit = (self._number(f"memory.{name}_in_bytes") for name in ("max_usage", "limit"))
        return highest > limit * 0.99  # what was refused may have been some pages at once

    def _number(self, file: str, label: str = "") -> int:
        found = re.search(rf"^{label}(\d+)$", (self._own.memory / file).read_text(), re.M)
        return int(found[1]) if found else 0

    def close(self) -> None:
        """Kills what is still in the group and removes it; may be called twice."""
        _remove(self._own)


def _move(folder: Path, pid: int) -> None:
    (folder / "cgroup.procs").write_text(str(pid))


def _processes(folder: Path) -> list[int]:
    return [int(word) for word in (folder / "cgroup.procs").read_text().split()]


def _remove(group: Place) -> None:
    """What does not go in time is removed by the next grader."""
    end = time.monotonic() + CLOSE_SECONDS
    while not _are_gone(group) and time.monotonic() < end:
        with contextlib.suppress(OSError):  # some have gone by themselves
            (group.pids / "pids.max").write_text("0")  # a process that forks and ends might stay ahead
            for pid in filter(None, _processes(group.pids)):  # 0: not to be seen from here
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)


def _are_gone(group: Place) -> bool:
    for folder in group.folders:
        with contextlib.suppress(OSError):  # busy while a process is in it
            folder.rmdir()
    return not any(folder.exists() for folder in group.folders)


# ---------------------------------------------------------------- dead graders
def remove_left(place: Place) -> None:
    """Removes the groups of graders that have ended."""
    for name in {name for folder in place.folders for name in os.listdir(folder)}:
        if name.startswith("grader-") and owner.is_gone(name):
            _remove(place.below(name))
