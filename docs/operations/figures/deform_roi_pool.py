"""The figure of deform_roi_pool.md: the bins of a box where they were, and where they are shifted to."""

from __future__ import annotations

import numpy as np

from roikit import deform_roi_pool, examples
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, polyline, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS, HALF

CELL, OUT = 44.0, 70.0
PLANE = examples.ramp(7, 9, a=10.0, b=1.0)
BOX, RATIO, GAMMA = (1.0, 1.0, 7.0, 5.0), 2, 0.1
OFFSET = np.array([[[[-1.0, 1.5], [0.0, 2.0]], [[0.0, -1.0], [1.5, 1.0]]]])


def figure() -> Picture:
    values = deform_roi_pool(PLANE[None, None], [[0, *BOX]], OFFSET, 2, sampling_ratio=RATIO)[0, 0]
    canvas = Canvas()
    draw_header(
        canvas, "Each bin is shifted by an offset of its own",
        "a box of 6×4 cells in 2×2 bins of 2×2 samples; gamma = 0.1",
    )  # fmt: skip
    left, top = EDGE + 4.0, HEADER + 18.0
    H, W = PLANE.shape
    for (row, column), value in np.ndenumerate(PLANE):
        colour = shade(value / PLANE.max() * 0.6)
        x, y = left + column * CELL, top + row * CELL
        canvas.rect(x, y, CELL, CELL, fill=colour, stroke=HAIRLINE)
        canvas.text(x + 4, y + 13, f"{value:g}", font_size=10.5, fill=text_on(colour))
    for ph, pw in np.ndindex(2, 2):
        _bin(canvas, ph, pw, left, top)
    end = _table(canvas, values, left + W * CELL + 28, top + H * CELL / 2 - OUT)
    caption = (
        "Bin (0, 1) has the offsets 1.5 and -1: it goes 0.1 · 6 · 1.5 = 0.9 of a cell to the right and "
        "0.1 · 4 · 1 = 0.4 up. Its samples' mean was 20 where it stood, dashed; the map's values are "
        f"10 y + x, so it is 20 + 0.9 - 4 = {round(values[0, 1], 6):g} now."
    )
    bottom = draw_paragraphs(canvas, [caption], [], [], top + H * CELL + 30, end + EDGE)
    return canvas.picture(round(end + EDGE), round(bottom), f"Deformable RoI pooling. {caption}")


def _bin(canvas: Canvas, ph: int, pw: int, left: float, top: float) -> None:
    """Dashed where it was, in colour where it is, and an arrow from the one to the other."""
    width, height, colour = (BOX[2] - BOX[0]) / 2, (BOX[3] - BOX[1]) / 2, BIN_COLOURS[ph * 2 + pw]
    x, y = left + (BOX[0] + pw * width) * CELL, top + (BOX[1] + ph * height) * CELL
    look = {"fill": "none", "stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "5 3"}
    canvas.rect(x, y, width * CELL, height * CELL, **look)
    size = np.array([BOX[2] - BOX[0], BOX[3] - BOX[1]])
    shift = GAMMA * size * OFFSET[0, :, ph, pw] * CELL
    start = np.array([x + width * CELL / 2, y + height * CELL / 2])
    there = (x + shift[0], y + shift[1], width * CELL, height * CELL)
    canvas.rect(*there, fill=colour, fill_opacity=0.16, stroke=colour, stroke_width=2)
    for iy, ix in np.ndindex(RATIO, RATIO):
        at_x = there[0] + (ix + HALF) * there[2] / RATIO
        at_y = there[1] + (iy + HALF) * there[3] / RATIO
        canvas.circle(at_x, at_y, 4, fill=colour, stroke=PAPER, stroke_width=1.2)
    if shift.any():
        _arrow(canvas, start, start + shift)


def _arrow(canvas: Canvas, start: np.ndarray, end: np.ndarray) -> None:
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]])
    head = [tuple(end - 8 * along + side * 4 * across) for side in (-1, 1)]
    canvas.path(polyline([tuple(start), tuple(end)]), stroke=INK, stroke_width=2)
    canvas.path(polyline([head[0], tuple(end), head[1]]), fill="none", stroke=INK, stroke_width=2)


def _table(canvas: Canvas, values: np.ndarray, left: float, top: float) -> float:
    """The bins' values; returns where they end."""
    canvas.text(left, top - 8, "the bins", fill=MUTED)
    for (ph, pw), value in np.ndenumerate(values):
        colour = shade(value / PLANE.max() * 0.6)
        x, y = left + pw * OUT, top + ph * OUT * 0.7
        stroke = BIN_COLOURS[ph * 2 + pw]
        canvas.rect(x, y, OUT - 3, OUT * 0.7 - 3, fill=colour, stroke=stroke, stroke_width=2)
        at = x + OUT / 2 - 1, y + OUT * 0.35 + 3
        canvas.text(*at, f"{round(value, 6):g}", text_anchor="middle", fill=text_on(colour))
    return left + 2 * OUT
