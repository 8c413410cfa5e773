"""Files of a class folder that others may change while they are read: no link is followed, nothing waits."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from grader.errors import SubmissionError, UnreadableError

MAX_ENTRIES = 100_000  # in one folder
LINK = "the file is a symbolic link"
LINKED_FOLDER = "the folder is a symbolic link"
SPECIAL = "the file is not a regular file"
CHANGED = "the file changed while it was read; grade again when nobody writes to it"


def scan(place: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder, by name.

    Raises
    ------
    SubmissionError
        There are too many.
    UnreadableError
        It cannot be read.
    """
    found = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                found.append(entry)
                if len(found) > MAX_ENTRIES:
                    raise SubmissionError(f"{place.name} holds more than {MAX_ENTRIES} entries")
    except OSError as problem:
        raise UnreadableError(f"the folder {place.name} cannot be read: {problem.strerror}") from None
    return sorted(found, key=lambda entry: entry.name)


def leads_to_one(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder, or a link to one."""
    return os.path.isdir(entry)


def is_handed_in(place: Path) -> bool:
    """Whether a student's folder is there: also where it is a link, or where looking at it is not allowed."""
    try:
        kind = stat.S_IFMT(os.lstat(place).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return kind in (stat.S_IFDIR, stat.S_IFLNK)


def files(root: Path, parts: tuple[str, ...]) -> list[str]:
    """The names of all in a student's folder but folders; raises as `scan` does, also for a link."""
    place = root
    for part in parts:
        place = place / part
        if os.path.islink(place):
            raise SubmissionError(LINKED_FOLDER)
    return [entry.name for entry in scan(place) if entry.is_symlink() or not os.path.isdir(entry)]


def read(root: Path, parts: tuple[str, ...], limit: int) -> bytes:
    """At most ``limit + 1`` bytes of the regular file `parts` below the folder `root`.

    A link, a pipe or a device is as the student made it. All else that keeps a file from being read (it is
    gone, it is somebody else's, it grows) may be anybody's doing.

    Raises
    ------
    SubmissionError
        It is a link, or no regular file.
    UnreadableError
        It cannot be read, or changed in the meantime.
    """
    try:
        with _opened(root, parts) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise SubmissionError(SPECIAL)
            data = file.read(limit + 1)
            after = os.fstat(file.fileno())
    except OSError as problem:
        if problem.errno in (errno.ENXIO, errno.EISDIR):  # a socket, a folder
            raise SubmissionError(SPECIAL) from None
        raise UnreadableError(f"the file cannot be read: {problem.strerror}") from None
    is_whole = len(data) == min(before.st_size, limit + 1)
    if not is_whole or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableError(CHANGED)
    return data


@contextmanager
def _opened(root: Path, parts: tuple[str, ...]) -> Iterator[BinaryIO]:
    """Open a file folder by folder, so that none on the way can be a link by now; and do not wait for it."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            below = _open(part, os.O_DIRECTORY, folder, LINKED_FOLDER)
            os.close(folder)
            folder = below
        file = _open(parts[-1], os.O_NONBLOCK, folder, LINK)
    finally:
        os.close(folder)
    with open(file, "rb", buffering=0) as raw:
        yield raw


def _open(name: str, flags: int, folder: int, link: str) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=folder)
    except OSError as problem:
        if problem.errno in (errno.ELOOP, errno.ENOTDIR) and _is_link(name, folder):
            raise SubmissionError(link) from None
        raise


def _is_link(name: str, folder: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False
