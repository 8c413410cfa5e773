"""The command line of bubblewrap: what the sandbox sees, and that it sees nothing else."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from grader.errors import SandboxError

from . import places
from .limits import Limits
from .rungs import Rung
from .tools import NONE, Tools
from .user import FIRST_UID

OLDEST = (0, 5)  # --perms
SIZED_TMPFS, NO_MORE_USER_NAMESPACES = (0, 7), (0, 8)
PACKAGES, SCRATCH = "/packages", "/tmp"
INSTALL = "bubblewrap is missing: apt install bubblewrap (or your distribution's package of that name)"


@functools.cache
def _version_of(program: str) -> tuple[int, ...]:
    text = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def find() -> tuple[str, tuple[int, ...]]:
    """``(program, version)``; raises SandboxError with the remedy when there is none or it is too old."""
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxError(INSTALL)
    version = _version_of(program)
    if version and version < OLDEST:
        raise SandboxError(f"bubblewrap {'.'.join(map(str, version))} is too old: 0.5 or newer is needed")
    return program, version


def command(rung: Rung, limits: Limits, info_fd: int, worker: list[str], tools: Tools = NONE) -> list[str]:
    """The whole command: bubblewrap, its walls, then the ``worker``'s own command."""
    program, version = find()
    where = places.find()
    argv = [
        program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--new-session", "--as-pid-1", "--hostname", "grader", "--info-fd", str(info_fd),
        "--cap-drop", "ALL",
    ]  # fmt: skip
    if rung.user_namespace:
        argv += ["--unshare-user", "--uid", str(FIRST_UID), "--gid", str(FIRST_UID)]
        if version >= NO_MORE_USER_NAMESPACES:  # for older ones the system-call filter refuses them
            argv += ["--disable-userns"]
    else:  # the worker needs these two for an instant, to become a user who owns nothing
        argv += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    argv += _file_system(rung, limits, version, where, tools)
    return [*argv, "--", *worker]


def _file_system(
    rung: Rung, limits: Limits, version: tuple[int, ...], where: places.Places, tools: Tools
) -> Iterator[str]:
    # bubblewrap's "/" is an empty writable tmpfs until the last line makes it read-only.
    for folder in ("/dev", "/etc", PACKAGES, *_parents(*where.libraries, where.python, *_all(tools))):
        yield from ("--dir", folder)
    for path in where.libraries:
        yield from ("--ro-bind", path, path)
    for name in ("lib", "lib32", "lib64", "libx32"):
        if os.path.islink(f"/{name}"):
            yield from ("--symlink", os.readlink(f"/{name}"), f"/{name}")
    yield from ("--ro-bind", where.python, where.python)
    for path in tools.paths:
        yield from ("--ro-bind", path, path)
    for name, file in tools.programs:
        if name != file:
            yield from ("--symlink", file, name)
    for path in ("/etc/ld.so.cache", "/etc/alternatives"):  # how libraries are found (Debian's libblas)
        yield from ("--ro-bind-try", path, path)
    for path in where.hidden:
        yield from ("--tmpfs", path)
    for path in where.numpy:
        yield from ("--ro-bind", path, f"{packages_folder()}/{os.path.basename(path)}")
    for path in where.hidden:
        yield from ("--remount-ro", path)
    for name in ("null", "zero", "full", "random", "urandom"):
        yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
    if rung.proc:
        yield from ("--proc", "/proc")
    # Where bubblewrap is too old to bound the folder, the watchdog alone does.
    size = ("--size", str(limits.tmpfs)) if version >= SIZED_TMPFS else ()
    yield from ("--perms", "1777", *size, "--tmpfs", SCRATCH, "--remount-ro", "/", "--chdir", "/")


def packages_folder() -> str:
    """Where NumPy lies inside: its own place where that is bound (it may look for libraries from there)."""
    where = places.find()
    return where.packages if where.packages in where.hidden else PACKAGES


def _all(tools: Tools) -> list[str]:
    return [*tools.paths, *(name for name, _ in tools.programs)]


def _parents(*paths: str) -> list[str]:
    # bubblewrap itself gives mode 0700 to the parents of what root alone may enter (a Python in root's home).
    return sorted({str(parent) for path in paths for parent in Path(path).parents} - {"/"})
