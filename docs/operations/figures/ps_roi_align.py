"""The figure of ps_roi_align.md: two score maps, a box, and each bin's samples on its own map."""

from __future__ import annotations

import numpy as np

from roikit import ps_roi_align
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

CELL, GAP = 44.0, 26.0
MAPS = np.array([[[[0.0, 1.0, 2.0, 3.0]] * 2, [[10.0, 20.0, 30.0, 40.0]] * 2]])
BOX, RATIO = (0.5, 0.0, 3.5, 2.0), 2


def figure() -> Picture:
    values = ps_roi_align(MAPS, [[0, *BOX]], (1, 2), sampling_ratio=RATIO)[0, 0, 0]
    canvas = Canvas()
    draw_header(
        canvas, "Each half of a box is sampled on a score map of its own",
        "1×2 bins of 2×2 samples; a cell's value stands in its middle",
    )  # fmt: skip
    top = HEADER + 30.0
    H, W = MAPS.shape[2:]
    for m in range(2):
        left = EDGE + m * (W * CELL + GAP)
        canvas.text(left, top - 10, f"map {m}", fill=MUTED)
        _map(canvas, MAPS[0, m], left, top)
        _bin(canvas, m, left, top)
    end = EDGE + 2 * (W * CELL + GAP)
    for pw, value in enumerate(values):
        x, y, colour = end + pw * 56, top + H * CELL / 2 - 28, shade(0.3)
        canvas.rect(x, y, 54, 54, fill=colour, stroke=BIN_COLOURS[pw], stroke_width=2)
        canvas.text(x + 27, y + 31, f"{value:g}", text_anchor="middle", fill=text_on(colour))
    caption = (
        "The left bin's samples lie at x = 0.375 and 1.125 of map 0, the right one's at 1.875 and 2.625 of "
        f"map 1: their means are {values[0]:g} and {values[1]:g}."
    )
    width = end + 2 * 56 + EDGE
    bottom = draw_paragraphs(canvas, [caption], [], [], top + H * CELL + 34, width)
    return canvas.picture(round(width), round(bottom), f"Position-sensitive RoIAlign. {caption}")


def _map(canvas: Canvas, plane: np.ndarray, left: float, top: float) -> None:
    for (row, column), value in np.ndenumerate(plane):
        colour = shade(value / plane.max() * 0.8)
        x, y = left + column * CELL, top + row * CELL
        canvas.rect(x, y, CELL, CELL, fill=colour, stroke=HAIRLINE)
        canvas.text(x + 4, y + 13, f"{value:g}", font_size=10.5, fill=text_on(colour))


def _bin(canvas: Canvas, m: int, left: float, top: float) -> None:
    """The box, its m-th half, and the samples of that; cell i covers i to i + 1 here."""
    x1, y1, x2, y2 = (end * CELL for end in BOX)
    wide, high, colour = (x2 - x1) / 2, y2 - y1, BIN_COLOURS[m]
    start = left + x1 + m * wide
    canvas.rect(start, top + y1, wide, high, fill=colour, fill_opacity=0.25, stroke=colour, stroke_width=2)
    look = {"fill": "none", "stroke": INK, "stroke_width": 1.5, "stroke_dasharray": "5 3"}
    canvas.rect(left + x1, top + y1, 2 * wide, high, **look)
    for iy, ix in np.ndindex(RATIO, RATIO):
        x, y = start + (ix + 0.5) * wide / RATIO, top + y1 + (iy + 0.5) * high / RATIO
        canvas.circle(x, y, 4, fill=INK, stroke=PAPER, stroke_width=1.5)
