"""Records that say step by step how a value came about: as text, as HTML in a notebook, and drawn."""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from html import escape
from typing import Any, NamedTuple

from roikit._svg import Picture

WIDTH = 100  # letters of a line of text
INDENT = " " * 5
UNBROKEN = "\N{NO-BREAK SPACE}"


class Step(NamedTuple):
    """One step of a derivation: what is done, and its numbers, line by line."""

    title: str
    lines: tuple[str, ...]


def unbroken(words: str) -> str:
    """The words as one that no line break may part."""
    return words.replace(" ", UNBROKEN)


class Derived:
    """What the record of one value of the output can do.

    ``print(record)`` tells the derivation, a notebook shows it beside the picture; ``record.steps`` holds it,
    `picture` and `draw` draw it.
    """

    index: tuple[int, ...]
    explanation: Any  # the `Explanation` that the record is from

    @property
    @abstractmethod
    def sentence(self) -> str:
        """The value, and where it is from, in one line."""

    @property
    @abstractmethod
    def steps(self) -> tuple[Step, ...]:
        """From the box in pixels to the value."""

    def picture(self) -> Picture:
        """The map with this place of the output highlighted, and the output beside it."""
        return self.explanation.picture(self.index, result=True)

    def draw(self, ax: Any = None) -> Any:
        """Draw `picture` with matplotlib: axes in, the same axes out; see `Picture.draw`."""
        return self.picture().draw(ax)

    def __str__(self) -> str:
        lines = [f"{self.sentence}."]
        for number, (title, details) in enumerate(self.steps, start=1):
            head = f"{number}. {title}"
            if len(details) == 1 and len(head) + len(details[0]) < WIDTH:
                lines.append(f"{head}: {details[0]}")
                continue
            lines.append(head)
            for detail in details:
                lines += textwrap.wrap(
                    detail,
                    WIDTH,
                    initial_indent=INDENT,
                    subsequent_indent=INDENT + "  ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
        return "\n".join(lines).replace(UNBROKEN, " ")

    def _repr_html_(self) -> str:
        """In the page's own colours, light or dark; the picture has its paper."""
        items = "".join(
            f'<li style="margin:.3em 0"><b>{escape(title)}</b>'
            + "".join(
                f'<div style="padding-left:1em;text-indent:-1em;margin-left:.5em">{escape(line)}</div>'
                for line in lines
            )
            + "</li>"
            for title, lines in self.steps
        )
        return (
            '<div style="display:flex;flex-wrap:wrap;gap:1.2em;align-items:flex-start;text-align:left">'
            f'<div style="max-width:100%;overflow-x:auto">{self.picture().svg}</div>'
            '<div style="flex:1 1 20em;max-width:46em;font-variant-numeric:tabular-nums">'
            f'<div>{escape(self.sentence)}.</div><ol style="padding-left:1.6em">{items}</ol></div></div>'
        )
