"""The command that runs a program as root or as an ordinary user, whoever we are.

Root becomes an ordinary user in a view of the files where that user can walk to the interpreter, the grader
and the tests, which may lie in root's home. An ordinary user becomes root by ``sudo``, where that asks for
no password.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ORDINARY = 59_990  # owns nothing; below the users of the sandboxes
REPOSITORY = Path(__file__).resolve().parents[4]


class CannotBe(Exception):
    """This kind of user cannot be had here; the message says why."""


def command(kind, program):
    """``program`` (a list of words) as ``kind`` of user."""
    is_root = os.geteuid() == 0
    if is_root == (kind == "root"):
        return program
    return _as_ordinary(program) if is_root else _as_root(program)


def _as_root(program):
    try:
        subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise CannotBe("this user cannot become root without a password") from None
    return ["sudo", "-n", "--", *program]


def _as_ordinary(program):
    missing = [name for name in ("bwrap", "setpriv") if shutil.which(name) is None]
    if missing:
        raise CannotBe(f"root becomes an ordinary user by {' and '.join(missing)}, which is not installed")
    return [
        "bwrap", "--dev-bind", "/", "/", *_opened(_needed()), "--die-with-parent", "--",
        "setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", "--inh-caps=-all", "--",
        *program,
    ]  # fmt: skip


def _needed():
    """Folders that the ordinary user must be able to read."""
    packages = (importlib.util.find_spec(name) for name in ("grader", "roikit", "numpy"))
    folders = {Path(place) for package in packages for place in package.submodule_search_locations}
    return {path.resolve() for path in {Path(sys.prefix), Path(sys.base_prefix), REPOSITORY, *folders}}


def _opened(paths):
    """Covers each folder that keeps others out with an open one that holds nothing but ``paths``."""
    closed = {path: _closed_folder(path) for path in paths}
    for folder in sorted(set(filter(None, closed.values()))):
        yield from ("--perms", "0755", "--tmpfs", str(folder))
    for path, folder in sorted(closed.items()):
        if folder is None:
            continue
        shown = [path] if _is_open(path) else sorted(path.iterdir())
        for parent in reversed(shown[0].parents):
            if parent.is_relative_to(folder) and parent != folder:
                yield from ("--dir", str(parent))
        for place in shown:
            yield from ("--ro-bind", str(place), str(place))


def _closed_folder(path):
    """The first folder on the way to ``path`` that others cannot enter, or None."""
    on_the_way = [*reversed(path.parents), path]
    return next((folder for folder in on_the_way if not _is_open(folder)), None)


def _is_open(folder):
    return bool(folder.stat().st_mode & 0o001)
