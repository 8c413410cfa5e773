"""The figure of roi_align_rotated.md: a box upright and turned, its bins, their samples and values."""

from __future__ import annotations

import numpy as np

from roikit import examples, roi_align_rotated
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, polyline, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

CELL, OUT = 46.0, 76.0
PLANE = examples.ramp(6, 7, a=10.0, b=1.0)
#: Centre x, centre y, width and height; and an angle whose cosine is 0.8 and whose sine 0.6.
BOX, COS, SIN = (4.0, 3.0, 5.0, 2.5), 0.8, 0.6
ANGLE = np.degrees(np.arctan2(SIN, COS))


def figure() -> Picture:
    values = roi_align_rotated(PLANE[None, None], [[0, *BOX, ANGLE]], 2, sampling_ratio=1)[0, 0]
    canvas = Canvas()
    draw_header(
        canvas, "A box that is turned counter-clockwise",
        f"centre (4, 3), 5 wide and 2.5 high, {ANGLE:.2f}°: cosine 0.8, sine 0.6; 2×2 bins of one sample",
    )  # fmt: skip
    left, top = EDGE + 4.0, HEADER + 18.0
    _map(canvas, left, top)
    _outline(canvas, left, top)
    for ph, pw in np.ndindex(2, 2):
        _bin(canvas, ph, pw, left, top)
    H, W = PLANE.shape
    end = _table(canvas, values, left + W * CELL + 34, top + H * CELL / 2 - OUT)
    caption = (
        "The sample of bin (0, 1) lies 1.25 to the right of the centre and 0.625 above it while the box "
        "stands upright. Turned: y = -0.625 · 0.8 - 1.25 · 0.6 = -1.25 and x = -0.625 · 0.6 + 1.25 · 0.8 = "
        "0.625 from the centre: less half a cell, at row 1.25 and column 4.125 of the map, whose values are "
        "10 y + x."
    )
    note = "Dashed: the box upright. A cell's value stands in its middle."
    bottom = draw_paragraphs(canvas, [caption], [], [note], top + H * CELL + 30, end + EDGE)
    return canvas.picture(round(end + EDGE), round(bottom), f"RoIAlign of a rotated box. {caption}")


def place(xx: float, yy: float, left: float, top: float) -> tuple[float, float]:
    """Pixels of a point that lies (xx, yy) from the centre of the upright box, once that is turned."""
    x, y = BOX[0] + yy * SIN + xx * COS, BOX[1] + yy * COS - xx * SIN
    return left + x * CELL, top + y * CELL


def _map(canvas: Canvas, left: float, top: float) -> None:
    for (row, column), value in np.ndenumerate(PLANE):
        colour = shade(value / PLANE.max() * 0.6)
        x, y = left + column * CELL, top + row * CELL
        canvas.rect(x, y, CELL, CELL, fill=colour, stroke=HAIRLINE)
        canvas.text(x + 4, y + 13, f"{value:g}", font_size=10.5, fill=text_on(colour))


def _outline(canvas: Canvas, left: float, top: float) -> None:
    """The box before it is turned, and the way that its right end goes."""
    cx, cy, width, height = BOX
    x, y = left + (cx - width / 2) * CELL, top + (cy - height / 2) * CELL
    look = {"fill": "none", "stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "5 3"}
    canvas.rect(x, y, width * CELL, height * CELL, **look)
    way = np.linspace(0, np.arctan2(SIN, COS), 24)
    radius = (width / 2 + 0.25) * CELL
    points = [(left + cx * CELL + radius * np.cos(a), top + cy * CELL - radius * np.sin(a)) for a in way]
    canvas.path(polyline(points), fill="none", stroke=INK, stroke_width=1.5)
    (x, y), across = points[-1], np.array([COS, -SIN])
    along = np.array([-SIN, -COS])  # where the way goes on
    head = [tuple(np.array([x, y]) - 8 * along + side * 4 * across) for side in (-1, 1)]
    canvas.path(polyline([head[0], (x, y), head[1]]), fill="none", stroke=INK, stroke_width=1.5)


def _bin(canvas: Canvas, ph: int, pw: int, left: float, top: float) -> None:
    width, height = BOX[2] / 2, BOX[3] / 2
    x, y, colour = (pw - 1) * width, (ph - 1) * height, BIN_COLOURS[ph * 2 + pw]
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    outline = polyline([place(*corner, left, top) for corner in corners]) + "z"
    canvas.path(outline, fill=colour, fill_opacity=0.22, stroke=colour, stroke_width=2)
    at = place(x + width / 2, y + height / 2, left, top)
    canvas.circle(*at, 5, fill=INK, stroke=PAPER, stroke_width=1.5)
    canvas.text(at[0] + 8, at[1] - 5, f"({ph}, {pw})", fill=colour, font_weight="bold", font_size=11)


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
