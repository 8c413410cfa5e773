"""The figure of precise_roi_pool.md: the surface along one row, a bin cut at the cells, the weights."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from roikit import precise_roi_pool, precise_roi_pool_backward
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, polyline, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

ROW = np.array([0.0, 8.0, 4.0, 6.0])
START, END = 0.5, 2.5
LEFT, SIZE, UNIT = EDGE + 112.0, 96.0, 20.0  # of cell 0; pixels of a cell, and of 1 of the map's values
FEATURES = np.tile(ROW, (2, 1))[None, None]  # two equal rows, and a bin between them: y does not matter
BOX = [[0, START, 0, END, 1]]
ONE = np.ones((1, 1, 1, 1))

Place = Callable[[float, float], tuple[float, float]]  # of (x, value), in pixels


def surface(x: float) -> float:
    """Falling to 0 one cell beyond the map."""
    return float(np.interp(x, np.arange(-1, len(ROW) + 1), [0, *ROW, 0]))


def figure() -> Picture:
    mean = precise_roi_pool(FEATURES, BOX, 1).item()
    canvas = Canvas()
    draw_header(
        canvas, "The mean of the surface over a bin",
        f"one row of a map; the bin goes from {START:g} to {END:g}, and is cut at the cells 1 and 2",
    )  # fmt: skip
    ground = HEADER + 30 + 8 * UNIT

    def at(x: float, value: float) -> tuple[float, float]:
        return LEFT + x * SIZE, ground - value * UNIT

    cuts = [START, 1.0, 2.0, END]
    shares = _pieces(canvas, at, cuts)
    canvas.path(polyline([at(-1, 0), at(len(ROW), 0)]), stroke=MUTED)
    corners = [at(x, surface(x)) for x in range(-1, len(ROW) + 1)]
    canvas.path(polyline(corners), stroke=INK, stroke_width=2, fill="none")
    for x, value in enumerate(ROW.tolist()):
        canvas.circle(*at(x, value), 5, fill=INK)
        left, top = at(x, value)
        above = value >= surface(x - 1) or value == 0  # where no line is in the way
        canvas.text(left - 4, top + (-12 if above else 22), f"{value:g}", font_weight="bold")
    _middles(canvas, at, cuts)
    left, level = at(START, mean)
    canvas.path(polyline([(left, level), at(END, mean)]), stroke=INK, stroke_dasharray="5 3")
    canvas.text(left - 6, level + 4, f"mean {mean:g}", text_anchor="end", font_weight="bold")
    bottom = _weights(canvas, ground + 24)
    caption = f"{' + '.join(shares)} = {mean:g}"
    note = "A piece's mean is the surface in its middle, as it is straight there, and counts by its size."
    width = LEFT + 4 * SIZE + 40
    end = draw_paragraphs(canvas, [caption], [], [note], bottom + 24, width)
    return canvas.picture(round(width), round(end), f"Precise RoI pooling along one row: {caption}. {note}")


def _pieces(canvas: Canvas, at: Place, cuts: list[float]) -> list[str]:
    """What lies below the surface, piece by piece; the words of each."""
    words = []
    for i, (start, end) in enumerate(pairwise(cuts)):
        corners = [at(start, 0), at(start, surface(start)), at(end, surface(end)), at(end, 0)]
        canvas.path(polyline(corners) + "z", fill=BIN_COLOURS[i], fill_opacity=0.25, stroke=BIN_COLOURS[i])
        words.append(f"{(end - start) / (END - START):g}·{surface((start + end) / 2):g}")
    return words


def _middles(canvas: Canvas, at: Place, cuts: list[float]) -> None:
    for i, (start, end) in enumerate(pairwise(cuts)):
        middle = (start + end) / 2
        x, y = at(middle, surface(middle))
        canvas.path(polyline([(x, y), at(middle, 0)]), stroke=BIN_COLOURS[i], stroke_dasharray="2 3")
        canvas.circle(x, y, 5, fill=BIN_COLOURS[i], stroke=PAPER, stroke_width=1.5)
        canvas.text(x + 6, y + 26, f"{surface(middle):g}", fill=BIN_COLOURS[i], font_weight="bold")


def _weights(canvas: Canvas, top: float) -> float:
    """The cells, and what each weighs: the gradient by it. Returns where they end."""
    weights = precise_roi_pool_backward(ONE, BOX, FEATURES.shape)[0, 0].sum(axis=0)
    names = {"text_anchor": "end"}
    canvas.text(LEFT - SIZE / 2 - 10, top + 17, "cell", **names)
    canvas.text(LEFT - SIZE / 2 - 10, top + 45, "weight", **names)
    for x, weight in enumerate(weights.tolist()):
        left = LEFT + (x - 0.5) * SIZE
        colour = shade(weight / weights.max() * 0.9)
        canvas.rect(left, top, SIZE, 26, fill=PAPER, stroke=HAIRLINE)
        canvas.text(left + SIZE / 2, top + 17, f"{x}", text_anchor="middle")
        canvas.rect(left, top + 28, SIZE, 26, fill=colour, stroke=HAIRLINE)
        canvas.text(left + SIZE / 2, top + 45, f"{weight:g}", text_anchor="middle", fill=text_on(colour))
    return top + 54
