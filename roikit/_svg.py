"""A pen for small drawings in SVG: shapes in, one inline-safe string out.

What it writes may stand many times in one HTML page and beside untrusted text: no id, script, style sheet or
reference, no element but svg, g, rect, path, circle and text, and everything that is not a number is escaped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape  # xml.sax.saxutils would import http.client and ssl: half of numpy's own time
from typing import Any

import numpy as np

FONT = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
INK, MUTED, HAIRLINE, PAPER = "#1c2733", "#5b6876", "#c9d1da", "#ffffff"

# Apart in every kind of colour blindness, in lightness too; red is kept for what is wrong.
ORANGE, BLUE, GREEN, PURPLE, WRONG = "#eb7f00", "#0043a8", "#00946c", "#803974", "#c8102e"
MISSED = "#fbdfe2"  # behind what is wrong

# Cell values, light to dark: lightness alone orders them, and marks and numbers stay legible on all of them.
_SHADES = np.array([[251, 252, 254], [210, 222, 236], [147, 174, 205]], dtype=float)
LEVELS = 16
SMALLEST = 0.75  # of its size, on a narrow screen


@dataclass(frozen=True)
class Picture:
    """A finished drawing: its text, and its size in CSS pixels; a notebook shows it by itself.

    Of a map, `left` and `top` are where its cell (0, 0) begins, in pixels, and `cell` is that cell's size.
    """

    svg: str
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    cell: float = 1.0

    def draw(self, ax: Any = None) -> Any:
        """Draw the picture with matplotlib, which roikit needs for nothing else: axes in, the same axes out.

        The axes' units are the map's: the cell (row y, column x) covers [x, x+1) × [y, y+1), y downwards, so
        that marks of one's own can be added. A picture of no map has its pixels as units.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Default: those of a new figure of the picture's size.

        Raises
        ------
        ImportError
            matplotlib is not installed.
        """
        from roikit import _matplotlib

        return _matplotlib.draw(self, ax)

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<roikit picture, {self.width:g}×{self.height:g} px>"


class Canvas:
    """Collects shapes in the order of drawing; ``stroke_width=2`` is the attribute ``stroke-width="2"``."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, **attributes: object) -> None:
        self._add("rect", x=x, y=y, width=width, height=height, **attributes)

    def path(self, d: str, **attributes: object) -> None:
        """Nothing is written for an empty path."""
        if d:
            self._add("path", d=d, **attributes)

    def circle(self, x: float, y: float, radius: float, **attributes: object) -> None:
        self._add("circle", cx=x, cy=y, r=radius, **attributes)

    def text(self, x: float, y: float, words: str, **attributes: object) -> None:
        """`y` is the line on which the letters stand."""
        letters = escape(_printable(words), quote=False)
        self._parts.append(f"<text{_attributes(x=x, y=y, **attributes)}>{letters}</text>")

    @contextmanager
    def group(self, **attributes: object) -> Iterator[None]:
        """Attributes said once for all the shapes inside."""
        self._parts.append(f"<g{_attributes(**attributes)}>")
        yield
        self._parts.append("</g>")

    def inset(self, other: Canvas, x: float) -> None:
        """The shapes of another canvas, `x` pixels to the right."""
        with self.group(transform=f"translate({number(x)})"):
            self._parts += other._parts

    def picture(
        self, width: float, height: float, label: str, left: float = 0, top: float = 0, cell: float = 1
    ) -> Picture:
        """The shapes on a white card of `width` × `height` pixels; `label` is what a screen reader says.

        `left`, `top` and `cell` tell where a map lies. On a narrow screen the card shrinks as far as its
        words can be read, and then is scrolled.
        """
        head = _attributes(
            xmlns="http://www.w3.org/2000/svg",
            width=width,
            height=height,
            viewBox=f"0 0 {number(width)} {number(height)}",
            role="img",
            aria_label=label,
            style=f"max-width:100%;min-width:{round(width * SMALLEST)}px;height:auto",
            font_family=FONT,
            font_size=12,
            fill=INK,
        )
        card = _attributes(
            x=0.5, y=0.5, width=width - 1, height=height - 1, rx=8, fill=PAPER, stroke=HAIRLINE
        )
        svg = f"<svg{head}><rect{card}/>{''.join(self._parts)}</svg>"
        return Picture(svg, width, height, left, top, cell)

    def _add(self, element: str, **attributes: object) -> None:
        self._parts.append(f"<{element}{_attributes(**attributes)}/>")


def number(value: float) -> str:
    """Two decimals of a pixel are enough: 12.0 -> "12", 0.123 -> "0.12"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Path text through pixel points (x, y)."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def box_path(x: float, y: float, width: float, height: float) -> str:
    """Path text of a closed rectangle; many of them joined are one element."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z"


def dot_path(x: float, y: float) -> str:
    """Path text of a dot: drawn with round line caps, its size is the stroke's width."""
    return f"M{number(x)} {number(y)}h0"


def not_equal(x: float, y: float) -> str:
    """Path text of a small ≠ around a point."""
    lines = [((-3, -1.6), (3, -1.6)), ((-3, 1.6), (3, 1.6)), ((-2, 4.0), (2, -4.0))]
    return "".join(polyline([(x + dx, y + dy) for dx, dy in line]) for line in lines)


def text_width(words: str, size: float = 12) -> float:
    """Roughly how many pixels a line takes (no font is at hand; on the generous side)."""
    return sum(0.34 if letter in " .,:;'|()[]ijlft" else 0.6 for letter in words) * size


def wrap(words: str, width: float, size: float = 12) -> list[str]:
    """Lines that fit into `width` pixels."""
    return textwrap.wrap(words, max(int(width / (0.53 * size)), 12)) or [""]


def shade(fraction: float) -> str:
    """Colour of a value at `fraction` (0 lowest, 1 highest) of the scale, in one of `LEVELS` steps."""
    step = round(min(max(fraction, 0.0), 1.0) * (LEVELS - 1)) / (LEVELS - 1)
    place = step * (len(_SHADES) - 1)
    low = min(int(place), len(_SHADES) - 2)
    red, green, blue = _SHADES[low] + (place - low) * (_SHADES[low + 1] - _SHADES[low])
    return f"#{round(red):02x}{round(green):02x}{round(blue):02x}"


def text_on(colour: str) -> str:
    """Black or white, whichever has more contrast on `colour` ("#rrggbb"; W3C's relative luminance)."""
    channels = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return INK if luminance > 0.179 else PAPER


def _attributes(**attributes: object) -> str:
    """`aria_label="a<b"` -> ` aria-label="a&lt;b"`; viewBox keeps its capital because SVG wants it."""
    return "".join(
        f' {name.replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )


def _value(value: object) -> str:
    """What stands between the double quotes of an attribute."""
    if isinstance(value, (int, float, np.number)):
        return number(float(value))
    return escape(_printable(str(value)), quote=False).replace('"', "&quot;")


def _printable(words: str) -> str:
    """XML has no way to write control characters and lone surrogates, not even escaped."""
    return "".join(
        letter if letter.isprintable() or letter == " " else "\N{REPLACEMENT CHARACTER}" for letter in words
    )
