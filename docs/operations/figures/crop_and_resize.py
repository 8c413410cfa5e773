"""The figure of crop_and_resize.md: a map, a box that reaches over its border, and the points of the grid."""

from __future__ import annotations

import numpy as np

from roikit import crop_and_resize, examples
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, WRONG, Canvas, Picture, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS, HALF
from roikit.reference.crop_and_resize import crop_points

CELL, OUT = 42.0, 54.0
PLANE = examples.ramp(5, 6, a=10.0, b=1.0)
BOX, POINTS, OUTSIDE = (0.1, 0.125, 1.3, 0.875), (3, 4), -1.0


def figure() -> Picture:
    H, W = PLANE.shape
    crop = crop_and_resize(PLANE[None, None], [[0, *BOX]], POINTS, OUTSIDE)[0, 0]
    x = crop_points(BOX[0], BOX[2], POINTS[1], W, "normalized")
    y = crop_points(BOX[1], BOX[3], POINTS[0], H, "normalized")
    canvas = Canvas()
    draw_header(
        canvas, "A grid of points, corners included",
        "a map of 5×6, a box normalized to the middles of its outer cells, 3×4 points",
    )  # fmt: skip
    left, top = EDGE + 4.0, HEADER + 26.0

    def place(row: float, column: float) -> tuple[float, float]:  # a cell's value stands at its middle
        return left + (column + HALF) * CELL, top + (row + HALF) * CELL

    _map(canvas, left, top)
    (x0, y0), (x1, y1) = place(0, 0), place(H - 1, W - 1)
    look = {"fill": "none", "stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "4 3"}
    canvas.rect(x0, y0, x1 - x0, y1 - y0, **look)
    (x0, y0), (x1, y1) = place(y[0], x[0]), place(y[-1], x[-1])
    canvas.rect(x0, y0, x1 - x0, y1 - y0, fill="none", stroke=BIN_COLOURS[1], stroke_width=2)
    for row in y.tolist():
        for column in x.tolist():
            colour = INK if column <= W - 1 else WRONG
            canvas.circle(*place(row, column), 5, fill=colour, stroke=PAPER, stroke_width=1.5)
    right = place(0, x[-1])[0] + 34
    end = _crop(canvas, crop, right, top + HALF * CELL)
    caption = (
        f"The box goes from x = {BOX[0]:g} · 5 = {x[0]:g} to {BOX[2]:g} · 5 = {x[-1]:g}: its last points lie "
        f"to the right of the last column, 5, and are {OUTSIDE:g}, as the caller said."
    )
    note = "Dashed: 0 and 1, the first and the last row and column. Red: points off the map."
    bottom = draw_paragraphs(canvas, [caption], [], [note], top + H * CELL + 28, end + EDGE)
    return canvas.picture(round(end + EDGE), round(bottom), f"crop_and_resize. {caption}")


def _map(canvas: Canvas, left: float, top: float) -> None:
    for (row, column), value in np.ndenumerate(PLANE):
        colour = shade(value / PLANE.max() * 0.8)
        x, y = left + column * CELL, top + row * CELL
        canvas.rect(x, y, CELL, CELL, fill=colour, stroke=HAIRLINE)
        canvas.text(x + CELL / 2 + 4, y + 13, f"{value:g}", font_size=10.5, fill=text_on(colour))


def _crop(canvas: Canvas, crop: np.ndarray, left: float, top: float) -> float:
    """The values, as a table; returns where it ends."""
    canvas.text(left, top - 8, "the crop", fill=MUTED)
    for (ph, pw), value in np.ndenumerate(crop):
        outside = value == OUTSIDE
        colour = PAPER if outside else shade(value / PLANE.max() * 0.8)
        x, y = left + pw * OUT, top + ph * OUT
        canvas.rect(x, y, OUT - 2, OUT - 2, fill=colour, stroke=WRONG if outside else HAIRLINE)
        ink = WRONG if outside else text_on(colour)
        canvas.text(x + OUT / 2 - 1, y + OUT / 2 + 4, f"{value:g}", text_anchor="middle", fill=ink)
    return left + crop.shape[1] * OUT
