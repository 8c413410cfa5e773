"""Without namespaces: the worker as an ordinary process, with what walls are left."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import tempfile
from pathlib import Path

from grader.errors import SandboxError

from . import owner, places
from .rungs import Rung
from .tools import NONE, Tools

PREFIX = "roikit-"


def make_scratch(uid: int | None) -> str:
    """A folder that only the worker's user can enter; what dead graders left is removed before the first."""
    _remove_left_once()
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{owner.name(os.getpid())}-")
    if uid is not None:
        try:
            os.chown(folder, uid, uid)
        except OSError as error:
            os.rmdir(folder)
            raise SandboxError(
                "student code is not run as root, and root cannot become another user here "
                f"({error.strerror}): run roikit as an ordinary user"
            ) from None
    return folder


def remove_scratch(folder: str) -> None:
    """Takes the folder away. ``rm`` follows no links, and a tree 100 000 deep costs it little memory.

    What does not go in time is removed by the next grader.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(["rm", "-rf", "--", folder], timeout=60, check=False, stderr=subprocess.DEVNULL)


def remove_left() -> None:
    """Takes the folders of graders that have ended away."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}grader-*"):
        if owner.is_gone(folder.name):
            remove_scratch(str(folder))


@functools.cache
def _remove_left_once() -> None:
    remove_left()


def kill_all_of(uid: int) -> None:
    """Ends every process of a user at one stroke, of whom none can fork ahead of it."""
    command = ["/bin/sh", "-c", "kill -9 -1"]
    subprocess.run(command, user=uid, group=uid, extra_groups=[], timeout=60, check=False)


def must_hold_open(rung: Rung) -> bool:
    """Whether the worker, once it is another user, can no longer walk to the interpreter or to NumPy."""
    where = places.find()
    return rung.private_uid and not all(map(places.open_to_others, (*where.libraries, *where.numpy)))


def landlock_rules(scratch: str, tools: Tools = NONE) -> dict[str, object]:
    """What a call may read, and the folder in which it may write: arguments of ``landlock.make``."""
    where = places.find()
    readable = [*where.libraries, *where.numpy, *tools.paths, "/etc/ld.so.cache"]
    return {
        "readable": [path for path in readable if os.path.exists(path)],
        "hidden": where.hidden,
        "scratch": scratch,
        "runs_programs": tools != NONE,
    }


def other_threads(rung: Rung) -> int:
    """Threads of this user outside the sandbox, where the kernel's process limit counts them as well.

    A user namespace has its own count from Linux 5.14 on.
    """
    release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    if rung.private_uid or (rung.user_namespace and release >= (5, 14)):
        return 0
    total = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{name}").st_uid == os.getuid():
                total += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            pass  # it has just ended
    return total
