"""The outputs of a notebook, cut out of its JSON before that is read: they may be large, and are never used.

A loop that prints leaves millions of short lines, each of which would become an object of 50 bytes and more.
"""

from __future__ import annotations

import re
from json.decoder import scanstring

from grader.errors import SubmissionError

MAX_STEPS = 4_000_000  # marks and rows of texts: seconds
_DEPTH = 4  # of the list in {"cells": [{"outputs": [
# A mark, or a row of texts; a text with many escapes is left at its quote, for `scanstring`. All repetitions
# of groups are bounded: others take memory for each round.
_PIECE = re.compile(r'(?:"[^"\\]*(?:\\.[^"\\]*){0,8}"[\s,:]{0,8}){1,100}|["\[\]{}]', re.DOTALL)
_NAME = re.compile(r'"outputs"\s*:\s*\Z')
_LONGEST = 40  # characters of that


def without_outputs(data: bytes) -> bytes:
    """Return a notebook with ``[]`` for each cell's outputs; what is no JSON stays what it is.

    Raises
    ------
    SubmissionError
        It has too many pieces to be looked through.
    ValueError
        One of its texts is no JSON.
    """
    text = data.decode("latin-1")  # byte by byte: those of other characters are none of the marks
    kept, begin, depth, is_cut, at = [], 0, 0, False, 0
    for _ in range(MAX_STEPS):
        piece = _PIECE.search(text, at)
        if piece is None:
            return data if is_cut else "".join((*kept, text[begin:])).encode("latin-1")
        start, at = piece.span()
        if text[start] == '"':
            at = scanstring(text, at)[1] if at == start + 1 else at
        elif text[start] in "[{":
            depth += 1
            if depth == _DEPTH and _NAME.search(text[max(0, start - _LONGEST) : start]):
                kept.append(text[begin : start + 1])
                is_cut = True
        else:
            if depth == _DEPTH and is_cut:
                begin, is_cut = start, False
            depth -= 1
    raise SubmissionError("the notebook holds too many small pieces to be read; clear its outputs")
