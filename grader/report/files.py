"""Files that are whole or not there at all, and file names that strangers cannot choose."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path

from grader.errors import GraderError

_NAME_LENGTH = 60
# Names that Windows keeps for devices, with any suffix; and what web servers show instead of a folder.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index)(\..*)?", re.IGNORECASE)


def make_writable(folder: Path) -> None:
    """Make `folder` and try to write in it, before the work whose results go there; or raise GraderError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.NamedTemporaryFile(dir=folder, prefix=".writing-").close()
    except OSError as problem:
        raise GraderError(f"{folder} is no folder that can be written to: {problem.strerror}") from None


def write_whole(path: Path, text: str) -> Path:
    """Write `text` as UTF-8 so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".writing-{uuid.uuid4().hex}")
    try:
        with open(temporary, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


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
