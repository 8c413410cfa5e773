"""A file -> the archive that it is, by its first bytes, whatever its name says."""

from __future__ import annotations

from typing import BinaryIO

from .entry import CLASS, Archive, Bounds
from .streams import decoder
from .tarball import BLOCK, Tarball, is_header
from .zipped import Zip


def opened(file: BinaryIO, name: str, bounds: Bounds = CLASS) -> Archive:
    """List an archive.

    Parameters
    ----------
    file : file
        Seekable; the archive closes it.
    name : str
        What sentences call it.
    bounds : Bounds, default CLASS
        Beyond which it is refused.

    Raises
    ------
    SubmissionError
        It is no archive, damaged as a whole, or beyond `bounds`.
    """
    try:
        head = file.read(BLOCK)
        file.seek(0)
        if decoder(head) or is_header(head):
            return Tarball(file, name, bounds)
        return Zip(file, name, bounds)
    except BaseException:
        file.close()
        raise
