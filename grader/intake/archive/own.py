"""The small archive that a student handed in, in place of a notebook or a module."""

from __future__ import annotations

import io
from functools import partial

from grader.errors import SubmissionError, UnreadableError
from grader.intake import names
from grader.intake.choice import StudentFile
from grader.intake.extract import shown
from grader.sandbox.limits import KIB, Limits, show_size

from .entry import Archive, Bounds, Entry
from .opening import opened

_LISTED = 1 * KIB  # bytes of a zip's list for one file: its name and a few numbers


def unpack(data: bytes, limits: Limits) -> list[StudentFile]:
    """The notebooks and modules in an archive; each is unpacked when it is read.

    Parameters
    ----------
    data : bytes
        A zip or a tar.
    limits : Limits
        ``archive``, ``unpacked``, ``entries``, and those of the files in it.

    Raises
    ------
    SubmissionError
        It is not a plain archive of plain files, or holds none.
    """
    if len(data) > limits.archive:
        raise SubmissionError(f"the archive is larger than {show_size(limits.archive)}")
    bounds = Bounds(
        entries=limits.entries, listing=limits.entries * _LISTED, unpacked=limits.unpacked,
        each=max(limits.notebook, limits.code), kept=limits.unpacked,
    )  # fmt: skip
    try:
        archive = opened(io.BytesIO(data), "the archive", bounds)
    except UnreadableError as problem:
        raise SubmissionError(str(problem)) from None
    sources = _sources(archive, limits)
    return [StudentFile("/".join(path), partial(_read, archive, entry)) for path, entry in sources]


def _read(archive: Archive, entry: Entry, limit: int) -> bytes:
    try:
        return archive.read(entry, limit)
    except UnreadableError as problem:  # the student packed it
        raise SubmissionError(str(problem)) from None


def _sources(archive: Archive, limits: Limits) -> list[tuple[tuple[str, ...], Entry]]:
    if sum(entry.size for entry in archive.entries()) > limits.unpacked:
        raise SubmissionError(f"the archive unpacks to more than {show_size(limits.unpacked)}")
    found = [(names.parts(entry.name), entry) for entry in archive.entries()]
    for path, entry in found:
        if names.leaves(path):
            raise SubmissionError(f"the path {shown(entry.name)} leads out of the archive")
    found = [(path, entry) for path, entry in found if path and not names.is_junk(path)]
    problem = names.clash(path for path, _ in found)
    if problem:
        raise SubmissionError(problem)
    found = [(path, entry) for path, entry in found if path[-1].lower() != names.HANDED_OUT]
    sources = [(path, entry) for path, entry in found if names.split(path[-1])[1] in names.SOURCES]
    for path, entry in sources:
        if not all(map(names.is_usable, path)):
            raise SubmissionError(f"the path {shown(entry.name)} in the archive cannot be used as a name")
    if not sources:
        raise SubmissionError("the archive holds no notebook (.ipynb) and no module (.py)")
    return sources

