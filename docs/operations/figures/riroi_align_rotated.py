"""The figure of riroi_align_rotated.md: eight orientations, a box between two, and what it makes of them."""

from __future__ import annotations

import numpy as np

from roikit import riroi_align_rotated
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, polyline, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

#: Of one cell; and how far the box is turned: by one step of 45 degrees and a quarter.
FOUND, ANGLE = np.array([0.0, 12.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0]), 56.25
RADIUS, ROW, WIDTH, APART = 108.0, 30.0, 74.0, 132.0
LOW, HIGH = BIN_COLOURS[0], BIN_COLOURS[1]


def figure() -> Picture:
    box = [[0, 0.5, 0.5, 1, 1, ANGLE]]
    bins = riroi_align_rotated(FOUND.reshape(1, 8, 1, 1), box, 1, sampling_ratio=1)[0, :, 0, 0]
    canvas = Canvas()
    draw_header(
        canvas, "A box that is turned takes its orientations along",
        f"eight orientations of one cell; a box that is turned counter-clockwise by {ANGLE}°: 1.25 steps",
    )  # fmt: skip
    middle = EDGE + RADIUS + 34, HEADER + RADIUS + 44
    _dial(canvas, *middle)
    _box(canvas, *middle)
    left, top = middle[0] + RADIUS + 84, HEADER + 40.0
    _links(canvas, left, top)
    _column(canvas, "the map", FOUND, left, top)
    end = _column(canvas, "the bins", bins, left + WIDTH + APART, top)
    caption = (
        "Something that is turned by 56.25° is found by the two orientations beside it, 1 and 2. Each bin is "
        "0.75 of the orientation one step further and 0.25 of the one two steps further: the first is "
        "0.75 · 12 + 0.25 · 4 = 10, the second 0.75 · 4 = 3, the last 0.25 · 12 = 3. It is found in the "
        "first, as if it stood upright."
    )
    bottom = draw_paragraphs(canvas, [caption], [], [], top + 8 * ROW + 30, end + EDGE)
    return canvas.picture(round(end + EDGE), round(bottom), f"Rotation-invariant RoIAlign. {caption}")


def at(x: float, y: float, degrees: float, radius: float) -> tuple[float, float]:
    """So far from a point, counter-clockwise as one sees it."""
    return x + radius * np.cos(np.radians(degrees)), y - radius * np.sin(np.radians(degrees))


def _dial(canvas: Canvas, x: float, y: float) -> None:
    """Each orientation in its own direction, and what it has found."""
    for o, value in enumerate(FOUND):
        colour = {1: LOW, 2: HIGH}.get(o, HAIRLINE)
        end, shown = at(x, y, 45 * o, RADIUS), shade(value / FOUND.max() * 0.6)
        canvas.path(polyline([(x, y), end]), fill="none", stroke=colour, stroke_width=2)
        canvas.circle(*end, 16, fill=shown, stroke=colour, stroke_width=2)
        canvas.text(end[0], end[1] + 4, f"{value:g}", text_anchor="middle", fill=text_on(shown))
        name = at(x, y, 45 * o, RADIUS + 27)
        canvas.text(name[0], name[1] + 4, f"{o}", text_anchor="middle", fill=MUTED, font_size=11)


def _box(canvas: Canvas, x: float, y: float) -> None:
    """As it is turned; an arrow along its width."""
    across, along = 28.0, 44.0
    places = [(-across, -along), (across, -along), (across, along), (-across, along)]
    cos, sin = np.cos(np.radians(ANGLE)), np.sin(np.radians(ANGLE))
    corners = [(x + v * cos + u * sin, y - v * sin + u * cos) for u, v in places]
    canvas.path(polyline(corners) + "z", fill=PAPER, fill_opacity=0.75, stroke=INK, stroke_width=2)
    tip = at(x, y, ANGLE, RADIUS - 22)
    canvas.path(polyline([(x, y), tip]), fill="none", stroke=INK, stroke_width=2)
    head = [at(*tip, ANGLE + 180 + turned, 9) for turned in (-25, 25)]
    canvas.path(polyline([head[0], tip, head[1]]), fill="none", stroke=INK, stroke_width=2)
    canvas.circle(x, y, 3, fill=INK)


def _links(canvas: Canvas, left: float, top: float) -> None:
    """From both orientations that a bin is mixed of to the bin; those of the first bin in colour."""
    for o in range(8):
        for step, colour, weight in ((1, LOW, "0.75"), (2, HIGH, "0.25")):
            start = left + WIDTH, top + ((o + step) % 8 + 0.5) * ROW
            end = left + WIDTH + APART - 22, top + (o + 0.5) * ROW
            stroke = colour if o == 0 else HAIRLINE
            canvas.path(polyline([start, end]), fill="none", stroke=stroke, stroke_width=2 if o == 0 else 1)
            if o == 0:
                x, y = start[0] + (4 if step == 1 else 22), start[1] + (-11 if step == 1 else 3)
                canvas.text(x, y, weight, fill=colour, font_size=11, font_weight="bold")


def _column(canvas: Canvas, title: str, values: np.ndarray, left: float, top: float) -> float:
    """One row an orientation; returns where it ends."""
    canvas.text(left, top - 10, title, fill=MUTED)
    for o, value in enumerate(values):
        colour, y = shade(value / FOUND.max() * 0.6), top + o * ROW
        canvas.text(left - 8, y + ROW / 2 + 4, f"{o}", text_anchor="end", fill=MUTED, font_size=11)
        canvas.rect(left, y, WIDTH, ROW - 3, fill=colour, stroke=HAIRLINE)
        middle = left + WIDTH / 2, y + ROW / 2 + 3
        canvas.text(*middle, f"{value:g}", text_anchor="middle", fill=text_on(colour))
    return left + WIDTH
