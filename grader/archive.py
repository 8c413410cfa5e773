"""A zip of hand-ins, read as hostile: nothing is extracted to disk, no size in it is believed."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from grader.errors import SubmissionError

MAX_LIST = 4 << 20  # bytes of the archive's list of files: about 50 000 of them
_END = b"PK\x05\x06"
_ENCRYPTED = 0x1
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error,
    EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip


class Archive:
    """A zip file whose entries can be listed and read; used as a context manager.

    Raises
    ------
    SubmissionError
        If the file is no zip, or its list of files is too long.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._file = open(path, "rb")  # noqa: SIM115 - closed by __exit__
        try:
            self._check_list()
            self._zip = zipfile.ZipFile(self._file)
        except SubmissionError:
            self._file.close()
            raise
        except _DAMAGED as problem:
            self._file.close()
            raise SubmissionError(f"{self._name} is not a readable zip: {type(problem).__name__}") from None

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *exception: object) -> None:
        self._zip.close()
        self._file.close()

    def _check_list(self) -> None:
        """zipfile makes an object of every entry at once, so ask first how long the list is."""
        size = self._file.seek(0, io.SEEK_END)
        self._file.seek(max(0, size - 66_000))
        tail = self._file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise SubmissionError(f"{self._name} is not a zip file")
        (length,) = struct.unpack_from("<I", tail, at + 12)
        if length > MAX_LIST:
            raise SubmissionError(f"{self._name} lists too many files; unpack it and grade the folder")
        self._file.seek(0)

    def entries(self) -> list[tuple[str, zipfile.ZipInfo]]:
        """(name as it was written, entry) of every file; folders are left out."""
        return [(entry.orig_filename, entry) for entry in self._zip.infolist() if not entry.is_dir()]

    def read(self, entry: zipfile.ZipInfo, limit: int) -> bytes:
        """At most ``limit + 1`` bytes of one entry, however many it claims or unpacks to."""
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise SubmissionError("the file is a symbolic link")
        if kind not in (0, stat.S_IFREG):
            raise SubmissionError("the file is not a regular file")
        if entry.flag_bits & _ENCRYPTED:
            raise SubmissionError("the file is encrypted")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SubmissionError("the file is compressed in an unusual way")
        try:
            with self._zip.open(entry) as stream:
                return stream.read(limit + 1)
        except _DAMAGED as problem:
            raise SubmissionError(f"the file is damaged in the archive ({type(problem).__name__})") from None
