"""The numbers, and how an assignment changes them."""

import pytest

from grader.errors import AssignmentError
from grader.sandbox.limits import Limits, show_seconds, show_size
from grader.sandbox.text import clean, clean_line


def test_overrides_by_name():
    limits = Limits.from_mapping({"call_seconds": 2, "memory": 256e6})
    assert (limits.call_seconds, limits.memory) == (2, 256_000_000)
    assert limits.reply == Limits().reply


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"seconds": 2}, "unknown limit 'seconds'; the limits are .*call_seconds"),
        ({"call_seconds": 0}, "limit call_seconds must be a positive number, not 0"),
        ({"call_seconds": "2"}, "must be a positive number"),
        ({"memory": True}, "must be a positive number"),
        ({"call_seconds": float("inf")}, "must be a positive number"),
        ({"processes": 2.5}, "limit processes must be a whole number, not 2.5"),
    ],
)
def test_bad_overrides(mapping, words):
    with pytest.raises(AssignmentError, match=words):
        Limits.from_mapping(mapping)


def test_sizes_and_times_in_sentences():
    assert [show_size(size) for size in (1 << 30, 1536 << 20, 64 << 10, 10)] == [
        "1 GiB", "1.5 GiB", "64 KiB", "10 bytes",
    ]  # fmt: skip
    assert show_seconds(5.0) == "5 s"


def test_text_is_cleaned_and_bounded():
    assert clean("a\x1b[2Jb\u202ec\ud800\n\td") == "a\ufffd[2Jb\ufffdc\ufffd\n\td"
    assert clean("x" * 1000, 10) == "x" * 9 + "…"
    assert clean_line("one\n  two\r\nthree") == "one two three"
