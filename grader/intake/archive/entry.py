"""What a zip and a tar have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import SubmissionError, UnreadableError
from grader.sandbox.limits import GIB, MIB

PIECE = 1 * MIB  # bytes that are read at once
LINK = "the file is a symbolic link"
HARD_LINK = "the file is a link to another one"
SPECIAL = "the file is not a regular file"


@dataclass(frozen=True)
class Bounds:
    """How much of an archive is looked at until it is refused as a whole."""

    entries: int  # files, folders and all else
    listing: int  # bytes of a zip's list of files
    unpacked: int  # bytes of a compressed tar: it can only be unpacked from its beginning
    each: int  # bytes of one file of a compressed tar that are kept
    kept: int  # bytes of all of them, compressed again, that are kept in memory
    remedy: str = ""  # added to the sentence that refuses it


#: For the archive of a whole class.
CLASS = Bounds(
    entries=100_000, listing=16 * MIB, unpacked=4 * GIB, each=100 * MIB, kept=512 * MIB,
    remedy="; unpack it and grade the folder",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One file in an archive."""

    name: str  # as it was written
    size: int  # as it was written
    problem: str = ""  # why it is no file that could be read
    key: Any = None  # where the archive finds it


def check(entry: Entry) -> None:
    """Raise what `Archive.read` raises for an entry that is no file that could be read.

    A link or a device is as it was handed in; all else is as the archive was made.
    """
    if entry.problem in (LINK, SPECIAL):
        raise SubmissionError(entry.problem)
    if entry.problem:
        raise UnreadableError(entry.problem)


class Archive(ABC):
    """The files in an archive; folders are left out. Used as a context manager, which closes its file."""

    @abstractmethod
    def entries(self) -> Sequence[Entry]:
        """Every file, link and device, in the archive's order."""

    @abstractmethod
    def read(self, entry: Entry, limit: int) -> bytes:
        """At most ``limit + 1`` bytes of one entry, however many it claims or unpacks to.

        Raises
        ------
        SubmissionError
            The entry is no regular file.
        UnreadableError
            It is damaged, encrypted, or stored in an unusual way.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the file."""

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
