"""Strangers' text on its way to a page, a terminal or a sentence: bounded, and none of it moves or hides."""

import unicodedata

from grader.intake import extract
from grader.sandbox import loader
from grader.sandbox.text import clean, clean_line

_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
_REORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def seeds():
    yield "ValueError: é \x1b[2J \u202e\u2066\U000e0041\ufeff\r\n\tend\u2028x\x85".encode()
    yield "\ud800\udfff\udc80".encode("utf-16-le", "surrogatepass")
    yield b"x" * 700
    yield b"../../<b>'\"\\\n.ipynb"
    yield b"\xf0\x9f\x98\x80" * 80


def check(data):
    check_text(data.decode("utf-8", "surrogateescape"))
    check_text(data[: len(data) & ~1].decode("utf-16-le", "surrogatepass"))


def check_text(text):
    for limit in (1, 2, 10, 300):
        found = clean(text, limit)
        assert is_harmless(found)
        assert len(found) <= limit
        assert clean(found, limit) == found
        line = clean_line(text, limit)
        assert is_harmless(line)
        assert len(line) <= limit
        assert "\n" not in line
        assert "\t" not in line
    if text.isascii() and text.isprintable() and len(text) <= 300:
        assert clean(text) == text
    shown = extract.shown(text)
    assert shown.isprintable()
    assert len(shown) <= 60
    assert len(loader.message_of(ValueError(text))) <= 500
    sentence = loader.missing_sentence("roi_pool", [], [["cell 1", text]])
    assert sentence.startswith("roi_pool is not defined")


def check_sentence(text):
    assert 0 < len(text) < 600, text
    assert text.isprintable(), text
    assert is_harmless(text), text


def is_harmless(text):
    """Nothing in it controls a terminal, reorders or breaks a line, or is half a character."""
    return not any(
        unicodedata.category(mark) in _CATEGORIES or unicodedata.bidirectional(mark) in _REORDERING
        for mark in set(text) - {"\n", "\t"}
    )
