"""Where built programs are kept."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

#: Kernels that are kept built, about 0.3 MB each.
MOST_PROGRAMS = 2000


def folder() -> Path:
    """Where built programs are kept: a folder of this user alone, made if it is missing."""
    for candidate in _candidates():
        with contextlib.suppress(OSError):
            candidate.mkdir(parents=True, exist_ok=True, mode=0o700)
            status = candidate.stat()
            if status.st_uid == os.getuid() and not status.st_mode & 0o022 and os.access(candidate, os.W_OK):
                return candidate
    return _temporary()


def _candidates() -> Iterator[Path]:
    if os.environ.get("ROIKIT_SIMT_CACHE"):
        yield Path(os.environ["ROIKIT_SIMT_CACHE"]).absolute()
        return
    with contextlib.suppress(RuntimeError):  # no home folder
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        yield Path(home).absolute() / "roikit" / "simt"


def discard(finished: Path) -> None:
    """What turned out to be damaged: the next build makes it anew."""
    if finished.is_file():
        finished.unlink()
    shutil.rmtree(finished, ignore_errors=True)


def _forget(kept: Path) -> None:
    """Make room: the programs that were not used for longest, and what killed builds left behind."""
    with contextlib.suppress(OSError):
        ages = {path: path.stat().st_mtime for path in kept.iterdir()}
        programs = sorted((path for path in ages if path.name.startswith("kernel-")), key=ages.__getitem__)
        late = [path for path in ages if path.name.startswith("new-") and ages[path] < time.time() - 3600]
        for path in [*programs[: max(len(programs) - MOST_PROGRAMS, 0)], *late]:
            shutil.rmtree(path, ignore_errors=True)


@functools.cache
def _temporary() -> Path:
    """For this process alone; it goes with it."""
    return Path(_kept(tempfile.TemporaryDirectory(prefix="roikit-simt-")).name)


@functools.cache
def _kept(folder: tempfile.TemporaryDirectory[str]) -> tempfile.TemporaryDirectory[str]:
    return folder


@contextlib.contextmanager
def new_folder(finished: Path) -> Iterator[Path | None]:
    """None if the folder `finished` is there; else an empty folder, which takes that name once it is filled.

    Two processes may fill it at the same time: what the first has finished stays.
    """
    if finished.exists():
        with contextlib.suppress(OSError):
            os.utime(finished)  # used: not among the first to go
        yield None
        return
    _forget(finished.parent)
    with tempfile.TemporaryDirectory(dir=finished.parent, prefix="new-") as parent:
        folder = Path(parent) / "folder"
        folder.mkdir()
        yield folder
        try:
            folder.rename(finished)
        except OSError:
            if not finished.exists():
                raise
