"""Frames on the two pipes between the grader and its worker. The same file is used on both sides.

A frame is ``ROI1 | kind | nonce | length | body``. A body is ``length | JSON object | bytes``: a small head
that says what this is, and the payload. Kinds: ``I`` set-up, ``H`` hello, ``S`` source, ``C`` call,
``A`` the call begins anew, ``P`` the import is over, ``R`` reply, ``E`` the end of a submission, and whether
nothing is left of it.
"""

import contextlib
import json
import math
import os
import struct

FRAME = struct.Struct("<4sc16sQ")
HEAD = struct.Struct("<I")
MAGIC = b"ROI1"
NO_NONCE = bytes(16)
MAX_HEAD = 64 << 10  # of a reply; an honest one is below 10 KiB
PIECE = 1 << 20  # bytes moved at once


class ProtocolError(ValueError):
    """The bytes are not what this protocol sends."""


def frame(kind, nonce, body=b""):
    """The bytes of one frame."""
    return FRAME.pack(MAGIC, kind, nonce, len(body)) + body


def pack(head, payload=b""):
    """A body: ``head`` (a JSON object) and ``payload``."""
    text = json.dumps(head).encode()
    return HEAD.pack(len(text)) + text + payload


def unpack(body, largest_head=MAX_HEAD):
    """``(head, payload)`` of a body; raises ProtocolError on anything but what ``pack`` makes."""
    body = memoryview(body)
    if len(body) < HEAD.size:
        raise ProtocolError("short body")
    (length,) = HEAD.unpack(body[: HEAD.size])
    if length > largest_head or HEAD.size + length > len(body):
        raise ProtocolError("bad length")
    return json_object(bytes(body[HEAD.size : HEAD.size + length])), body[HEAD.size + length :]


def json_object(text):
    """A JSON object from bytes that may be hostile: no NaN or infinity, no endless integers or nesting."""
    numbers = {"parse_int": _short_int, "parse_float": _finite, "parse_constant": _refuse}
    try:
        value = json.loads(str(text, "ascii"), **numbers)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"bad JSON: {type(error).__name__}") from None
    if type(value) is not dict:
        raise ProtocolError("not a JSON object")
    return value


def _refuse(word):
    raise ValueError(word)


def _finite(digits):
    number = float(digits)
    if math.isinf(number):  # 1e999
        raise ValueError("number too large")
    return number


def _short_int(digits):
    if len(digits) > 20:  # int() of a long string takes quadratic time
        raise ValueError("integer too long")
    return int(digits)


def widen(fd):
    """Lets a pipe hold 1 MiB, for fewer turns with large arrays, where the system allows it."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIECE)


def read_exactly(fd, count):
    """``count`` bytes from a blocking pipe; raises EOFError when the other end has gone."""
    data = bytearray(count)
    view, done = memoryview(data), 0
    while done < count:
        got = os.readv(fd, [view[done : done + PIECE]])
        if got == 0:
            raise EOFError
        done += got
    return data


def read_frame(fd):
    """``(kind, nonce, body)`` of the next frame of a trusted writer on a blocking pipe."""
    magic, kind, nonce, length = FRAME.unpack(read_exactly(fd, FRAME.size))
    if magic != MAGIC:
        raise ProtocolError("not a frame")
    return kind, nonce, read_exactly(fd, length)


def write_all(fd, *parts):
    """All of ``parts`` into a blocking pipe."""
    for part in parts:
        view = memoryview(part)
        while view:
            view = view[os.write(fd, view[:PIECE]) :]
