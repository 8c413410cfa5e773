"""Files that are whole or not there at all, and file names that strangers cannot choose."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import GraderError

_NAME_LENGTH = 60
_PREFIX = ".writing-"
_SOME = 4096  # bytes: a full disk takes an empty file, and no more
# Names that Windows keeps for devices, with any suffix; and what web servers show instead of a folder.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index)(\..*)?", re.IGNORECASE)


def make_writable(folder: Path) -> None:
    """Make `folder` and try to write in it, before the work whose results go there; or raise GraderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=_PREFIX) as file:
            file.write(bytes(_SOME))
    except OSError as problem:
        reason = "the link leads nowhere" if _is_dangling(folder) else problem.strerror
        raise GraderError(f"{folder} is no folder that can be written to: {reason}") from None


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write `content` (text as UTF-8) so that a reader sees the old file or the new one, never a part.

    It is on the disk when this returns, whatever happens to the machine then.
    """
    write_many([(path, content)])
    return path


def write_pieces(path: Path, pieces: Iterable[str]) -> Path:
    """Write text as `write_whole` does, piece by piece: it need not be in memory at once.

    Whatever `pieces` raises, the old file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(path) as temporary, open(temporary, "x", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
    return path


def write_many(files: Iterable[tuple[Path, str | bytes]]) -> None:
    """Write each file as `write_whole` does; a folder is synced once, after the last of them.

    A file that has this content already is left alone.
    """
    folders = {}  # as a set, in order
    for path, content in files:
        data = content.encode("utf-8") if isinstance(content, str) else content
        if _holds(path, data):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path, sync=False) as temporary, open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        folders[path.parent] = True
    for folder in folders:
        sync_folder(folder)


def _holds(path: Path, data: bytes) -> bool:
    """Whether `path` is a file, not a link, with this very content."""
    try:
        found = os.lstat(path)
        return stat.S_ISREG(found.st_mode) and found.st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


@contextmanager
def written_aside(path: Path, sync: bool = True) -> Iterator[Path]:
    """A new name beside `path`; the file that was made there takes the place of `path` when all went well.

    Without `sync` the caller syncs the folder.
    """
    temporary = path.with_name(f"{_PREFIX}{uuid.uuid4().hex}")
    try:
        yield temporary
        os.replace(temporary, path)
        if sync:
            sync_folder(path.parent)
    except BaseException as problem:
        if isinstance(problem, OSError):
            problem.filename = str(path)  # not the new name
        for left in path.parent.glob(f"{temporary.name}*"):  # SQLite has files of its own beside it
            left.unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed run had begun to write in `folder`; no other run may be writing there."""
    for path in folder.glob(f"{_PREFIX}*"):
        if path.is_file() or path.is_symlink():
            path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder last; not on Windows, and not where a file system cannot."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    except OSError as problem:
        if problem.errno != errno.EINVAL:
            raise
    finally:
        os.close(fd)


def _is_dangling(path: Path) -> bool:
    return any(one.is_symlink() and not one.exists() for one in (path, *path.parents))


def page_names(ids: Iterable[str]) -> list[str]:
    """Return a safe file name (without suffix) for each id, in order, no two alike in any case.

    A plain id names itself; any other gets a short hash, so that two ids never share a page.

    >>> page_names(["ada", "Ada", "../../x", "CON"])
    ['ada', 'Ada-99a563ab', 'x-9cdf6a50', 'CON-a3dbc4b6']
    """
    taken: set[str] = set()
    names = []
    for student in ids:
        name = _page_name(student, taken)
        taken.add(name.lower())
        names.append(name)
    return names


def _page_name(student: str, taken: set[str]) -> str:
    slug = re.sub(r"[^A-Za-z0-9_.-]+", "-", student).strip("-.")[:_NAME_LENGTH].rstrip("-.")
    if slug and slug == student and not _RESERVED.fullmatch(slug) and slug.lower() not in taken:
        return slug
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    name = f"{slug or 'student'}-{digest[:8]}"
    count = 2
    while name.lower() in taken:  # the same id twice, or one that was made to collide
        name = f"{slug or 'student'}-{digest[:8]}-{count}"
        count += 1
    return name
