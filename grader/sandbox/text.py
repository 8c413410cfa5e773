"""Makes text that a stranger wrote safe to store, print and show."""

from __future__ import annotations

import re

# Control characters but newline and tab; marks that reorder or hide text (Unicode's bidirectional controls,
# zero-width characters, line and paragraph separators, tag characters); halves of surrogate pairs.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str, limit: int = 300) -> str:
    """``text`` with unsafe characters shown as U+FFFD and cut after ``limit`` characters.

    Examples
    --------
    >>> clean("\\x1b[2JALL PASSED")
    '\\ufffd[2JALL PASSED'
    """
    text = _UNSAFE.sub("\ufffd", text[: limit + 1].replace("\r\n", "\n"))
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean_line(text: str, limit: int = 300) -> str:
    """The same on one line, for sentences."""
    return clean(" ".join(text[: 4 * limit].split()), limit)
