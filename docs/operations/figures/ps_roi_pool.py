"""The figure of ps_roi_pool.md: four score maps, two boxes, and which part of a box reads which map."""

from __future__ import annotations

import numpy as np

from roikit import ps_roi_pool
from roikit._svg import HAIRLINE, INK, MUTED, Canvas, Picture, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

CELL, GAP, SIDE = 17.0, 30.0, 6
PARTS = ("top left", "top right", "bottom left", "bottom right")
BOXES = (("on the object", (1, 1, 5, 5)), ("one cell to the right", (2, 1, 6, 5)))


def score_maps() -> np.ndarray:
    """Map m is 1 where the object's m-th quarter is; the object covers columns and rows 1 to 4."""
    maps = np.zeros((1, 4, SIDE, SIDE))
    for m in range(4):
        y, x = 1 + 2 * (m // 2), 1 + 2 * (m % 2)
        maps[0, m, y : y + 2, x : x + 2] = 1
    return maps


def figure() -> Picture:
    maps = score_maps()
    canvas = Canvas()
    draw_header(
        canvas, "Each part of a box reads a score map of its own",
        "four maps: where is the top left, top right, bottom left, bottom right part of an object?",
    )  # fmt: skip
    step = SIDE * CELL + GAP
    top = HEADER + 44.0
    for row, (told, box) in enumerate(BOXES):
        y = top + row * (SIDE * CELL + 62)
        canvas.text(EDGE, y - 26, f"a box {told}", font_weight="bold")
        for m in range(4):
            left = EDGE + m * step
            canvas.text(left, y - 8, f"map {m}: {PARTS[m]}", font_size=10.5, fill=MUTED)
            _map(canvas, maps[0, m], left, y)
            _box(canvas, box, m, left, y)
        values = ps_roi_pool(maps, [[0, *box]], 2)[0, 0]
        _bins(canvas, values, EDGE + 4 * step + 10, y + SIDE * CELL / 2 - 44)
    caption = (
        "The filled part of a box is the bin that reads the map. On the object each bin finds its part: 1 "
        "everywhere. One cell beside it each bin finds half of its part, and all four say so."
    )
    width = EDGE + 4 * step + 118 + EDGE
    end = draw_paragraphs(canvas, [caption], [], [], top + 2 * (SIDE * CELL + 62) - 24, width)
    return canvas.picture(round(width), round(end), f"Position-sensitive RoI pooling. {caption}")


def _map(canvas: Canvas, plane: np.ndarray, left: float, top: float) -> None:
    for (row, column), value in np.ndenumerate(plane):
        x, y = left + column * CELL, top + row * CELL
        canvas.rect(x, y, CELL, CELL, fill=shade(value * 0.9), stroke=HAIRLINE)


def _box(canvas: Canvas, box: tuple[int, int, int, int], m: int, left: float, top: float) -> None:
    """The box, and in it the bin that reads map m."""
    x1, y1, x2, y2 = (end * CELL for end in box)
    wide, high, colour = (x2 - x1) / 2, (y2 - y1) / 2, BIN_COLOURS[m]
    x, y = left + x1 + m % 2 * wide, top + y1 + m // 2 * high
    canvas.rect(x, y, wide, high, fill=colour, fill_opacity=0.35, stroke=colour, stroke_width=2)
    canvas.rect(left + x1, top + y1, 2 * wide, 2 * high, fill="none", stroke=INK, stroke_width=1.5)


def _bins(canvas: Canvas, values: np.ndarray, left: float, top: float) -> None:
    size = 44.0
    for (ph, pw), value in np.ndenumerate(values):
        colour, m = shade(value * 0.9), 2 * ph + pw
        x, y = left + pw * size, top + ph * size
        look = {"stroke": BIN_COLOURS[m], "stroke_width": 2}
        canvas.rect(x + 1, y + 1, size - 3, size - 3, fill=colour, **look)
        canvas.text(x + size / 2, y + size / 2 + 4, f"{value:g}", text_anchor="middle", fill=text_on(colour))
