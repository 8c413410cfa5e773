"""The figure of roi_align.md: one axis of two boxes in every convention, and one bin in every mode."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from roikit import examples, roi_align
from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, shade, text_on
from roikit.convention import SAMPLING
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS, HALF

CELLS, SCALE, SIZE, LABELS = 9, 0.5, 52.0, 148.0
#: Along x, in pixels: one box of 4 cells in 2 bins of 2 samples, and one without a width.
WIDE, NARROW = (2.0, 10.0), (13.0, 13.0)
ACROSS = examples.ramp(3, CELLS, a=0.0, b=1.0)[None, None]  # its value is the column
PATCH = np.array([[8.0, 4.0, 0.0], [0.0, 4.0, 12.0]])


def read_at(ends: tuple[float, float], convention: str, points: int) -> list[float]:
    """Where a box is sampled along x, in index coordinates: what it reads of a map that is its own column."""
    rois = [[0, ends[0], 2, ends[1], 4]]
    return roi_align(ACROSS, rois, (1, points), SCALE, 1, convention=convention)[0, 0, 0].tolist()


def figure() -> Picture:
    canvas = Canvas()
    draw_header(
        canvas, "Where a box is read, and what becomes of it",
        "one row of a map at spatial_scale 1/2; the value of a cell stands in its middle",
    )  # fmt: skip
    left, top = EDGE + LABELS, HEADER + 34.0
    bottom = _conventions(canvas, left, top)
    bottom = _modes(canvas, EDGE + 4.0, bottom + 56)
    note = (
        "Pixels 2 to 10 are cells 1 to 4 of the map. half_pixel reads the box there; roi_align and point "
        "read it half a cell further right. Pixel 13 is a box without a width: roi_align makes it 1 cell, "
        "chainercv_align 0.1, the others read one point again and again."
    )
    width = left + CELLS * SIZE + EDGE
    end = draw_paragraphs(canvas, [note], [], [], bottom + 26, width)
    return canvas.picture(round(width), round(end), f"RoIAlign's conventions and modes. {note}")


def _conventions(canvas: Canvas, left: float, top: float) -> float:
    def x(column: float) -> float:
        return left + (column + HALF) * SIZE

    for ends in (WIDE, NARROW):  # the boxes on the image, above the map
        start, end = (left + pixel * SCALE * SIZE for pixel in ends)
        canvas.rect(start - 1, top - 12, max(end - start, 2), 6, fill=INK)
        told = f"pixels {ends[0]:g} to {ends[1]:g}" if end > start else f"pixel {ends[0]:g}"
        canvas.text((start + end) / 2, top - 17, told, text_anchor="middle", fill=MUTED)
    for column in range(CELLS):
        canvas.rect(left + column * SIZE, top, SIZE, 24, fill=shade(0.2), stroke=MUTED)
        canvas.text(x(column), top + 17, f"{column}", text_anchor="middle")
    for line, convention in enumerate(SAMPLING):
        y = top + 40 + line * 34
        canvas.text(left - 10, y + 16, convention, text_anchor="end")
        for column in range(CELLS):
            canvas.rect(x(column) - 0.5, y - 4, 1, 30, fill=HAIRLINE)
        _box(canvas, x, y, read_at(WIDE, convention, 4))
        _box(canvas, x, y, read_at(NARROW, convention, 4))
    return top + 40 + len(SAMPLING) * 34


def _box(canvas: Canvas, x: Callable[[float], float], y: float, points: list[float]) -> None:
    """Two bins of two samples: a bin reaches half a step beyond its samples."""
    step = points[1] - points[0]
    for p in range(2):
        colour = BIN_COLOURS[p]
        start, end = x(points[2 * p] - step / 2), x(points[2 * p + 1] + step / 2)
        canvas.rect(start, y, max(end - start, 1), 22, fill=colour, fill_opacity=0.18, stroke=colour)
    for point in points:
        canvas.circle(x(point), y + 11, 3.5, fill=INK, stroke=PAPER)


def _modes(canvas: Canvas, left: float, top: float) -> float:
    """Two samples, the quarters of the neighbours that they are added up from, and three results."""
    title = "One bin of two samples, each in the middle of four neighbours"
    canvas.text(left, top - 14, title, font_weight="bold")
    for (row, column), value in np.ndenumerate(PATCH):
        colour = shade(value / PATCH.max())
        at_x, at_y = left + column * SIZE, top + row * SIZE
        canvas.rect(at_x, at_y, SIZE, SIZE, fill=colour, stroke=PAPER)
        canvas.text(at_x + 14, at_y + 22, f"{value:g}", text_anchor="middle", fill=text_on(colour))
    told = left + 3 * SIZE + 24
    parts = [PATCH[:, column : column + 2].ravel() / 4 for column in (0, 1)]
    for i, quarters in enumerate(parts):
        colour = BIN_COLOURS[i]
        canvas.circle(left + (i + 1) * SIZE, top + SIZE, 5, fill=colour, stroke=PAPER, stroke_width=1.5)
        canvas.circle(told + 4, top + 12 + i * 20, 5, fill=colour)
        sum_ = " + ".join(f"{quarter:g}" for quarter in quarters)
        words = f"{sum_} = {quarters.sum():g}: a quarter of each neighbour"
        canvas.text(told + 16, top + 16 + i * 20, words)
    samples = ", ".join(f"{quarters.sum():g}" for quarters in parts)
    each = ", ".join(f"{quarter:g}" for quarters in parts for quarter in quarters)
    modes = {"avg": f"the mean of {samples}", "max": f"the largest of {samples}"}
    modes["max_corners"] = f"the largest of {each}"
    for i, (mode, of) in enumerate(modes.items()):
        got = roi_align(PATCH[None, None], [[0, 0, 0, 2, 1]], 1, sampling_ratio=(1, 2), mode=mode).item()
        y = top + 62 + i * 19
        canvas.text(told, y, mode, font_weight="bold")
        canvas.text(told + 92, y, f"{got:g}: {of}")
    return top + 2 * SIZE
