"""A stranger's text for pages that read Markdown and formulas: it looks as it was typed, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Container

# Markdown is made of these; shown as numbers they are themselves, whatever stands around them.
_ACTIVE = {ord(mark): f"&#{ord(mark)};" for mark in "&<[]`~\\"}
# In code everything may be active, emphasis and formulas too.
_CODE = re.compile(r"[^A-Za-z0-9 ]", re.ASCII)
# In mathematics numbers are not read, so there they go by their names.
_MATH = str.maketrans({"<": r"\lt ", "[": r"\lbrack ", "]": r"\rbrack ", "&": "& ", "`": "'", "~": " "})
# TeX that makes links and styles, or loads more of it.
_ACTIVE_TEX = re.compile(r"(?<!\\)\\+(?=href|url|require|class|css|style|html|data|mml|csname)")
_PIECE = re.compile(
    r"!\[[^\[\]\n]*\]\(attachment:(?P<picture>[\w.-]+)\)"
    r"|(?P<math>\$\$[^$]+\$\$|\$[^$\n]+\$)"
    r"|(?<!`)`(?P<code>[^`\n]+)`(?!`)"
    r"|(?P<indent>^(?: {4}|\t)[ \t]*)"
    r"|(?P<end>(?<=\S)[ \t]*\n(?=[ \t]*\S))"
    r"|[&<\[\]`~\\]",
    re.MULTILINE | re.ASCII,
)
# In a comment: where Markdown could begin a tag, an entity, or the address of a link, and where TeX begins.
_MARKUP = re.compile(r"[<&](?=\S)|\](?=[(\[])|://")
_TEX = str.maketrans({"$": "\N{FULLWIDTH DOLLAR SIGN}", "\\": "\N{FULLWIDTH REVERSE SOLIDUS}"})


def inert(markdown: str, pictures: Container[str] = ()) -> str:
    r"""Return Markdown that looks much like `markdown`, and in which nothing can run or load.

    What stays is an allow-list: emphasis, headings, lists, tables, short code, mathematics, line breaks,
    plain web addresses, and the cell's own `pictures` (names of attachments). All else is shown as it was
    typed: no ``<``, no ``[`` and no fence is left of which Markdown could make HTML, a link or an image.

    >>> print(inert("*Is* $x<y$? <b>[here](javascript:alert)"))
    *Is* $x\lt y$? &#60;b>&#91;here&#93;(javascript:alert)
    """

    def piece(match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind == "picture" and match["picture"] in pictures:
            return f"![](attachment:{match['picture']})"
        if kind == "math":
            return text.translate(_MATH)
        if kind == "code":
            return f"<code>{_CODE.sub(_number_of, match['code'])}</code>"
        if kind == "indent":  # no block of code, in which the numbers would not be read
            return "&#160;" * len(text.expandtabs(4))
        return "  \n" if kind == "end" else text.translate(_ACTIVE)

    return _PIECE.sub(piece, without_active_tex(markdown))


def _number_of(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def without_active_tex(text: str) -> str:
    """Formulas in `text` can no longer make links or styles: those commands lose their backslash."""
    return _ACTIVE_TEX.sub("", text)


def plain(line: str) -> str:
    """Return a line for a comment, which people read in a text field and Markdown with formulas reads later:
    nothing of it is a tag, a link or a formula, and in both places it can be read.

    >>> plain("expected 1 < 2, got <b> and $x$")
    'expected 1 < 2, got < b> and ＄x＄'
    """
    return _MARKUP.sub(r"\g<0> ", line).translate(_TEX)
