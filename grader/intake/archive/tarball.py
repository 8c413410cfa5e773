"""A tar, plain or compressed, read header by header with every length bounded.

Not through Python's ``tarfile``: that takes extended headers into memory however long they are, and has
needed security fixes that the Python of a course's machine may not have.
"""

from __future__ import annotations

import zlib
from typing import BinaryIO

from grader.errors import SubmissionError, UnreadableError
from grader.intake.names import MAX_PATH, parts, split
from grader.sandbox.limits import show_size

from .entry import HARD_LINK, LINK, SPECIAL, Archive, Bounds, Entry, check
from .streams import DAMAGED, Plain, TooLarge, Unpacked, decoder

BLOCK = 512
_LONGEST = 1 << 16  # bytes of an extended header that are looked at
_RECORDS = 200  # of one extended header
_SPARSE = "the file is stored in an unusual way (sparse)"
_LONG = "the file has a header that is too long"
_FOLDER = b"5"
_NO_CONTENT = (b"1", b"2", b"3", b"4", _FOLDER, b"6")  # whatever size they state
_PROBLEMS = {b"0": "", b"\0": "", b"7": "", b"1": HARD_LINK, b"2": LINK, b"S": _SPARSE}


class Tarball(Archive):
    """A tar file: listed when it is opened. Of a compressed one, what may be a hand-in is kept in memory."""

    def __init__(self, file: BinaryIO, name: str, bounds: Bounds) -> None:
        self._file, self._bounds = file, bounds
        self._entries: list[Entry] = []
        self._kept: dict[int, bytes] = {}  # compressed, by where the entry's content begins
        self._room = bounds.kept
        new = decoder(file.read(BLOCK))
        self._is_compressed = new is not None
        file.seek(0)
        try:
            self._list(Plain(file) if new is None else Unpacked(file, new, bounds.unpacked))
        except TooLarge as what:
            raise SubmissionError(f"{name} {what}{bounds.remedy}") from None
        except DAMAGED as problem:
            where = f"after {len(self._entries)} files ({type(problem).__name__})"
            raise SubmissionError(f"{name} is cut off or damaged {where}") from None

    def close(self) -> None:
        self._file.close()

    def entries(self) -> list[Entry]:
        return self._entries

    def read(self, entry: Entry, limit: int) -> bytes:
        check(entry)
        if self._is_compressed:
            return zlib.decompressobj().decompress(self._kept[entry.key], limit + 1)
        size = min(entry.size, limit + 1)
        try:
            self._file.seek(entry.key)
            data = self._file.read(size)
        except OSError as problem:
            raise UnreadableError(f"the archive cannot be read: {problem.strerror}") from None
        if len(data) < size:
            raise UnreadableError("the archive ends before the file does")
        return data

    # -------------------------------------------------------------- the list of files
    def _list(self, stream: Plain | Unpacked) -> None:
        most = self._bounds.entries
        count, extended = 0, _Extended()
        for _ in range(4 * most):  # some have extended headers
            block = stream.read(BLOCK)
            if not block.strip(b"\0"):
                stream.finish()
                return
            kind, size, name = _header(block)
            if kind in _Extended.KINDS:
                extended.read(kind, size, stream)
                continue
            count += 1
            if count > most:
                break
            if kind == b"S":
                _skip_holes(block, stream)
            name = extended.name or name
            size = size if extended.size is None else extended.size
            problem = extended.problem or _PROBLEMS.get(kind, SPECIAL)
            problem = _LONG if len(name) > MAX_PATH else problem
            entry = Entry(name[:MAX_PATH], size, problem, stream.at)
            self._pass(entry, 0 if kind in _NO_CONTENT else entry.size, stream)
            if kind != _FOLDER and not entry.name.endswith("/"):
                self._entries.append(entry)
            extended = _Extended()
        raise TooLarge(f"holds more than {most} files")

    def _pass(self, entry: Entry, size: int, stream: Plain | Unpacked) -> None:
        """Go to the end of an entry's content; keep it if it may be needed and cannot be reached again."""
        kept = 0
        if isinstance(stream, Unpacked) and _may_be_needed(entry):
            kept = min(size, self._bounds.each + 1)
            self._kept[entry.key] = self._packed(kept, stream)
        stream.skip(size - kept + -size % BLOCK)

    def _packed(self, size: int, stream: Unpacked) -> bytes:
        """The next bytes, compressed again."""
        packer, pieces = zlib.compressobj(1), []
        while size:
            piece = stream.take(size)
            size -= len(piece)
            pieces.append(packer.compress(piece))
            self._room -= len(pieces[-1])
            if self._room < 0:
                raise TooLarge(f"holds more than {show_size(self._bounds.kept)} of hand-ins")
        return b"".join((*pieces, packer.flush()))


def _may_be_needed(entry: Entry) -> bool:
    return not entry.problem and bool(split("/".join(parts(entry.name)))[1])


# ------------------------------------------------------------------ headers
def is_header(block: bytes) -> bool:
    """Whether a block begins a file in a tar."""
    try:
        return bool(block.strip(b"\0")) and bool(_header(block))
    except ValueError:
        return False


def _header(block: bytes) -> tuple[bytes, int, str]:
    """(kind, size, name) of a header; ValueError for a block that is none."""
    if len(block) < BLOCK or _number(block[148:156]) != sum(block[:148]) + 8 * 0x20 + sum(block[156:]):
        raise ValueError("no header of a tar")
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0] if block[257:263] == b"ustar\0" else b""
    return block[156:157], _number(block[124:136]), _text(prefix + b"/" * bool(prefix) + name)


def _number(field: bytes) -> int:
    """Octal digits; or binary, where they are not enough."""
    if field[0] & 0x80:
        return int.from_bytes(bytes((field[0] & 0x7F,)) + field[1:], "big")
    digits = field.partition(b"\0")[0].strip(b" ")
    return _whole(digits, 8) if digits else 0


def _whole(digits: bytes, base: int) -> int:
    if not digits.isdigit():  # int() reads signs and underscores, too
        raise ValueError("no whole number")
    return int(digits, base)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _skip_holes(block: bytes, stream: Plain | Unpacked) -> None:
    """A sparse file's list of holes goes on in blocks of its own."""
    goes_on = block[482]
    while goes_on:
        goes_on = stream.read(BLOCK)[504]


class _Extended:
    """What extended headers say about the entry that follows them."""

    KINDS = (b"x", b"g", b"L", b"K")

    def __init__(self) -> None:
        self.name, self.problem = "", ""
        self.size: int | None = None

    def read(self, kind: bytes, size: int, stream: Plain | Unpacked) -> None:
        """Read one; of those that say something about names of links or about all files, nothing is used."""
        if kind in (b"g", b"K"):
            stream.skip(size + -size % BLOCK)
        elif size > _LONGEST:
            stream.skip(size + -size % BLOCK)
            self.problem = _LONG
        else:
            data = stream.read(size)
            stream.skip(-size % BLOCK)
            if kind == b"L":
                self.name = _text(data.partition(b"\0")[0])
            else:
                self._read_records(data)

    def _read_records(self, data: bytes) -> None:
        """``"18 path=ada/toy.py\\n"``: a length, which counts itself, a key and a value."""
        at = 0
        for _ in range(_RECORDS):
            if at >= len(data):
                return
            digits = data[at : at + 20].partition(b" ")[0]
            end = at + _whole(digits, 10)
            key, is_set, value = data[at + len(digits) + 1 : end - 1].partition(b"=")
            if not is_set or end <= at:
                raise ValueError("no record of an extended header")
            at = end
            if key in (b"path", b"GNU.sparse.name"):
                self.name = _text(value)
            elif key == b"size":
                self.size = _whole(value, 10)
            if key.startswith(b"GNU.sparse."):
                self.problem = _SPARSE
        raise ValueError("too many records in an extended header")
