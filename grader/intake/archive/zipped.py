"""A zip, through Python's ``zipfile``, which believes what it reads: so it reads a file that says no."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from grader.errors import SubmissionError, UnreadableError

from .entry import LINK, PIECE, SPECIAL, Archive, Bounds, Entry, check

_ENCRYPTED = 0x1
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error,
    EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip


class _TooLong(Exception):
    pass


class _Bounded(io.BufferedReader):
    """A file that gives at most `most` bytes at once: zipfile takes its list, of any length, in one go."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        super().__init__(file)  # type: ignore[arg-type]
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        is_bounded = size is not None and 0 <= size <= self._most
        data = super().read(size if is_bounded else self._most + 1)
        if len(data) > self._most:
            raise _TooLong
        return data


class Zip(Archive):
    """A zip file; a list of files that is too long is not read."""

    def __init__(self, file: BinaryIO, name: str, bounds: Bounds) -> None:
        self._file = _Bounded(file, max(bounds.listing, PIECE))
        try:
            self._zip = zipfile.ZipFile(self._file)
        except _TooLong:
            raise SubmissionError(f"{name} lists too many files{bounds.remedy}") from None
        except _DAMAGED as problem:
            what = type(problem).__name__
            raise SubmissionError(f"{name} is no zip and no tar that can be read ({what})") from None
        if len(self._zip.infolist()) > bounds.entries:
            raise SubmissionError(f"{name} holds more than {bounds.entries} files{bounds.remedy}")

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def entries(self) -> list[Entry]:
        return [
            Entry(info.orig_filename, info.file_size, _problem(info), info)
            for info in self._zip.infolist()
            if not info.filename.endswith("/")
        ]

    def read(self, entry: Entry, limit: int) -> bytes:
        info = entry.key
        check(entry)
        data = bytearray()
        try:
            with self._zip.open(info) as stream:
                while len(data) <= limit and (piece := stream.read(min(PIECE, limit + 1 - len(data)))):
                    data += piece
        except _DAMAGED as problem:
            raise UnreadableError(f"the file is damaged in the archive ({type(problem).__name__})") from None
        return bytes(data)


def _problem(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return LINK
    if kind not in (0, stat.S_IFREG):
        return SPECIAL
    if info.flag_bits & _ENCRYPTED:
        return "the file is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "the file is compressed in an unusual way"
    return ""
