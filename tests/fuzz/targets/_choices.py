"""Bytes read as decisions, so that a fuzzer that changes a byte changes one thing that is built from them."""

import struct

#: Text that breaks out of something, somewhere.
PIECES = (
    "x", "", " ", "\n", "é", "<evil>", '"><evil a="', "' evil='", "</pre><evil>", "<!--", "-->", "]]>",
    "&lt;", "{{ 7 }}", "{% x %}", "[bold]", "[/]", "[link=evil:x]", "[x](javascript:evil)", "![x](evil:x)",
    "`", "```", "$", "\\", "~", "*", "|", "=1+1", "+1", "@x", "../", "\x1b]0;x\x07", "\x1b[2J", "\x9b", "\r",
    "\t", "\x00", "\u202e", "\u2028", "\u200b", "\ufeff", "\ud800", "\udfff", "\U0001f600", "\uffff",
    "\u0301", "x" * 700,
)  # fmt: skip


class Choices:
    """Decisions from the front of ``data``; when it has run out, each further one is the first choice."""

    def __init__(self, data):
        self._data, self._at = data, 0

    @property
    def is_over(self):
        return self._at >= len(self._data)

    def take(self, count):
        """The next ``count`` bytes, or what is left."""
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def rest(self):
        return self.take(len(self._data))

    def below(self, count):
        """A whole number from 0 to ``count`` - 1, at most 255."""
        return int.from_bytes(self.take(1), "little") % count

    def pick(self, options):
        return options[self.below(len(options))]

    def several(self, make, most=4):
        """Up to ``most`` of what ``make()`` gives."""
        return [make() for _ in range(self.below(most + 1))]

    def number(self):
        """Any double."""
        return struct.unpack("<d", self.take(8).ljust(8, b"\0"))[0]

    def text(self):
        """Hostile pieces among the fuzzer's own bytes."""
        if self.below(4) == 3:
            return self.take(self.below(64)).decode("utf-8", "surrogateescape")
        return "".join(self.several(lambda: self.pick(PIECES)))
