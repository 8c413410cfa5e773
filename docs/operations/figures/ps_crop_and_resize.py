"""The figure of ps_crop_and_resize.md: two score maps, a box, and the points of each half on its own map."""

from __future__ import annotations

import numpy as np

from roikit import ps_crop_and_resize
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS, HALF
from roikit.reference.crop_and_resize import crop_points
from roikit.reference.ps_crop_and_resize import part_of_roi

CELL, OUT, GAP = 40.0, 62.0, 26.0
MAPS = np.array([[[np.arange(5.0)] * 3, [10 * np.arange(5.0)] * 3]])
BOX, PARTS, POINTS = (0.125, 0.25, 0.875, 0.75), (1, 2), (1, 3)


def figure() -> Picture:
    values = ps_crop_and_resize(MAPS, [[0, *BOX]], POINTS, group_size=PARTS)[0, 0, 0]
    canvas = Canvas()
    draw_header(
        canvas, "Each half of a box is cropped from a score map of its own",
        "1×2 parts of 1×3 points; a cell's value stands in its middle",
    )  # fmt: skip
    top = HEADER + 30.0
    H, W = MAPS.shape[2:]
    columns = []
    for m in range(2):
        left = EDGE + m * (W * CELL + GAP)
        canvas.text(left, top - 10, f"map {m}", fill=MUTED)
        _map(canvas, MAPS[0, m], left, top)
        columns.append(_part(canvas, m, left, top))
    end = EDGE + 2 * (W * CELL + GAP)
    canvas.text(end, top - 10, "the average of both crops", fill=MUTED)
    for pw, value in enumerate(values):
        x, y, colour = end + pw * OUT, top + H * CELL / 2 - OUT / 2, shade(value / MAPS.max() * 0.8)
        canvas.rect(x, y, OUT - 2, OUT - 2, fill=colour, stroke=HAIRLINE)
        ink = text_on(colour)
        canvas.text(x + OUT / 2 - 1, y + OUT / 2 + 4, f"{value:g}", text_anchor="middle", fill=ink)
    (first, *_), (second, *_) = columns
    caption = (
        f"The left half's points lie at the columns {_listed(columns[0])} of map 0, the right half's at "
        f"{_listed(columns[1])} of map 1. The first value is ({first:g} + {10 * second:g}) / 2 = "
        f"{values[0]:g}."
    )
    width = end + POINTS[1] * OUT + EDGE
    bottom = draw_paragraphs(canvas, [caption], [], [], top + H * CELL + 34, width)
    return canvas.picture(round(width), round(bottom), f"Position-sensitive crop_and_resize. {caption}")


def _listed(columns: np.ndarray) -> str:
    *most, last = (f"{column:g}" for column in columns)
    return f"{', '.join(most)} and {last}"


def _map(canvas: Canvas, plane: np.ndarray, left: float, top: float) -> None:
    for (row, column), value in np.ndenumerate(plane):
        colour = shade(value / plane.max() * 0.8)
        x, y = left + column * CELL, top + row * CELL
        canvas.rect(x, y, CELL, CELL, fill=colour, stroke=HAIRLINE)
        canvas.text(x + 4, y + 13, f"{value:g}", font_size=10.5, fill=text_on(colour))


def _part(canvas: Canvas, m: int, left: float, top: float) -> np.ndarray:
    """The box, dashed, its m-th half, and the points of that; returns their columns."""
    H, W = MAPS.shape[2:]
    _, x1, y1, x2, y2 = part_of_roi(np.array([0, *BOX]), 0, m, PARTS)


    def place(row: float, column: float) -> tuple[float, float]:
        return left + (column + HALF) * CELL, top + (row + HALF) * CELL

    def outline(ends: tuple[float, ...], **look: object) -> None:
        (x, y), (right, low) = (place(ends[i + 1] * (H - 1), ends[i] * (W - 1)) for i in (0, 2))
        canvas.rect(x, y, right - x, low - y, **look)

    colour = BIN_COLOURS[m]
    outline((x1, y1, x2, y2), fill=colour, fill_opacity=0.25, stroke=colour, stroke_width=2)
    outline(BOX, fill="none", stroke=INK, stroke_width=1.5, stroke_dasharray="5 3")
    columns = crop_points(x1, x2, POINTS[1], W, "normalized")
    for row in crop_points(y1, y2, POINTS[0], H, "normalized").tolist():
        for column in columns.tolist():
            canvas.circle(*place(row, column), 4, fill=INK, stroke=PAPER, stroke_width=1.5)
    return columns
