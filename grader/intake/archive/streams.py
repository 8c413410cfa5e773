"""The bytes of a tar in order: as they lie in a file, or unpacked on the way from .gz, .bz2 or .xz.

Never more in memory than a piece and the decompressor's dictionary.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from grader.sandbox.limits import MIB, show_size

from .entry import PIECE

_MEMBERS = 10_000  # compressed streams, one after the other; many empty ones take long to come to nothing
_DICTIONARY = 128 * MIB  # `xz -9` needs 65 MiB

#: What comes of a file that is cut off or damaged.
DAMAGED = (zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


class TooLarge(Exception):
    """The archive holds more than it may; says so in words that follow its name."""


class Plain:
    """A file as it lies; what is skipped is not read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._size = file, file.seek(0, 2)
        self.at = file.seek(0)

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.at += size
        if len(data) < size:
            raise EOFError
        return data

    def skip(self, size: int) -> None:
        self.at += size
        if self.at > self._size:
            raise EOFError
        self._file.seek(self.at)

    def finish(self) -> None:
        """Leave what comes after the end of the tar."""


class Unpacked:
    """A compressed file, in which nothing is reached but by unpacking all before it.

    Parameters
    ----------
    file : file
    new : function () -> decompressor
        From `decoder`.
    limit : int
        Bytes that may come out.
    """

    def __init__(self, file: BinaryIO, new: Callable[[], Any], limit: int) -> None:
        self._pieces, self._limit = _pieces(file, new), limit
        self._piece = memoryview(b"")
        self.at = 0

    def take(self, size: int) -> memoryview:
        """The next bytes, at most `size` of them."""
        if not self._piece:
            self._piece = memoryview(next(self._pieces, b""))
            if not self._piece:
                raise EOFError
        taken, self._piece = self._piece[:size], self._piece[size:]
        self._count(len(taken))
        return taken

    def read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            data += self.take(size - len(data))
        return bytes(data)

    def skip(self, size: int) -> None:
        while size:
            size -= len(self.take(size))

    def finish(self) -> None:
        """Go to the end of the file: only there are the decompressor's checksums."""
        for piece in self._pieces:
            self._count(len(piece))

    def _count(self, size: int) -> None:
        self.at += size
        if self.at > self._limit:
            raise TooLarge(f"unpacks to more than {show_size(self._limit)}")


# ------------------------------------------------------------------ decompressors
class _Gzip:
    """zlib's decompressor, with the manners of those of bz2 and lzma."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


_DECODERS: dict[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_DICTIONARY),
}


def decoder(head: bytes) -> Callable[[], Any] | None:
    """What makes the decompressor of a file that begins with `head`; None where it is not compressed."""
    return next((new for magic, new in _DECODERS.items() if head.startswith(magic)), None)


def _pieces(file: BinaryIO, new: Callable[[], Any]) -> Iterator[bytes]:
    """What `file` holds, in pieces of at most ``PIECE`` bytes; EOFError where it ends too early."""
    data = b""
    for _ in range(_MEMBERS):
        stream = new()
        while not stream.eof:
            if not data and stream.needs_input:
                data = file.read(PIECE)
                if not data:
                    raise EOFError
            piece, data = stream.decompress(data, PIECE), b""
            if piece:
                yield piece
        data = stream.unused_data or file.read(PIECE)
        if not data.strip(b"\0"):  # a file may be filled up, to whole blocks of a tape
            return
    raise TooLarge("is compressed in too many pieces")
