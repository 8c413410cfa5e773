"""The figure of border_align.md: the four walks around a box, and where each finds its maximum."""

from __future__ import annotations

import numpy as np

from roikit import border_align, examples
from roikit._svg import INK, PAPER, Canvas, Picture, polyline, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

SIZE, STEPS = 46.0, 5
X1, Y1, X2, Y2 = 1.5, 1.5, 6.5, 5.5
#: Name, where the walk begins and ends, and to which side of it the name stands.
SIDES = {
    "top": ((X1, Y1), (X2, Y1), (0, -1)),
    "left": ((X1, Y1), (X1, Y2), (-1, 0)),
    "bottom": ((X2, Y2), (X1, Y2), (0, 1)),
    "right": ((X2, Y2), (X2, Y1), (1, 0)),
}
APART = 7.0  # pixels between a walk and the box's side


def figure() -> Picture:
    values = examples.MAP_8X8
    features = np.repeat(values[None, None], 4, axis=1)
    found, places = border_align(features, [[0, X1, Y1, X2, Y2]], STEPS, return_argmax=True)
    canvas = Canvas()
    draw_header(
        canvas, "Four walks around a box",
        f"pool_size={STEPS}: {STEPS + 1} points a side; here all sides read the same 8×8 map",
    )  # fmt: skip
    left, top = EDGE + 4.0, HEADER + 8.0

    def at(x: float, y: float) -> tuple[float, float]:  # a cell's value stands at its index
        return left + (x + 0.5) * SIZE, top + (y + 0.5) * SIZE

    for (row, column), value in np.ndenumerate(values):
        colour = shade(float(value) * 0.8)
        x, y = at(column, row)
        canvas.rect(x - SIZE / 2, y - SIZE / 2, SIZE, SIZE, fill=colour, stroke=PAPER)
        look = {"font_size": 10, "fill": text_on(colour), "fill_opacity": 0.65}
        canvas.text(x, y + 4, f"{value:.2f}", text_anchor="middle", **look)
    told = []
    for i, (name, (start, end, outward)) in enumerate(SIDES.items()):
        maximum, point = float(found[0, 0, i]), int(places[0, 0, i])
        _walk(canvas, at(*start), at(*end), outward, point, BIN_COLOURS[i])
        told.append((name, f"{maximum:.3f} at point {point}"))
    right = left + 8 * SIZE + 20
    for i, (name, words) in enumerate(told):
        y = top + 20 + i * 44
        canvas.circle(right + 6, y - 4, 6, fill=BIN_COLOURS[i])
        canvas.text(right + 20, y, name, font_weight="bold")
        canvas.text(right + 20, y + 16, words)
    caption = "Top and left are walked from (x1, y1), bottom and right from (x2, y2); rings are the maxima."
    width = right + 150
    finish = draw_paragraphs(canvas, [caption], [], [], top + 8 * SIZE + 24, width)
    return canvas.picture(round(width), round(finish), f"Border align: {caption}")


def _walk(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], outward: tuple[int, int],
    found: int, colour: str,
) -> None:
    """An arrow outside of the side, and its points, that of the maximum with a ring."""
    (ax, ay), (bx, by) = start, end
    away_x, away_y = outward[0] * APART, outward[1] * APART
    along = np.array([bx - ax, by - ay]) / max(abs(bx - ax), abs(by - ay))
    tip = np.array([bx + away_x, by + away_y])
    barbs = [tip - 9 * along + 5 * np.array(outward) * way for way in (-1, 1)]
    shaft = polyline([(ax + away_x, ay + away_y), tuple(tip)])
    head = polyline([tuple(barbs[0]), tuple(tip), tuple(barbs[1])])
    canvas.path(shaft + head, stroke=colour, stroke_width=2.5, fill="none")
    canvas.path(polyline([start, end]), stroke=INK, stroke_width=1)
    for i in range(STEPS + 1):
        t = i / STEPS
        x, y = (1 - t) * ax + t * bx, (1 - t) * ay + t * by
        if i == found:
            canvas.circle(x, y, 9, fill="none", stroke=colour, stroke_width=3)
        canvas.circle(x, y, 3.5, fill=colour, stroke=PAPER)
