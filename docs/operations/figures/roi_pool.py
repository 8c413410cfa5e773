"""The figure of roi_pool.md: one axis of one box, cut into bins under every convention that pools."""

from __future__ import annotations

import numpy as np

from roikit import explain
from roikit._svg import HAIRLINE, INK, MUTED, Canvas, Picture, polyline, shade
from roikit.convention import POOLING
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._records import PoolBin
from roikit.explain._scene import BIN_COLOURS

CELLS, SCALE, BINS = 9, 0.5, 3
START, END = 5.0, 13.4  # pixels
SIZE, LABELS, BAR, STEP = 56.0, 104.0, 9, 46
#: In float32 these bins are what they are exactly.
DRAWN = [name for name in POOLING if name != "caffe_float32"]


def bins_of(convention: str) -> list[PoolBin]:
    row = np.zeros((1, 1, 1, CELLS))
    pooled = explain.roi_pool(row, [[0, START, 0, END, 1]], (1, BINS), SCALE, convention=convention)
    return [pooled.bin(0, 0, 0, p) for p in range(BINS)]


def figure() -> Picture:
    canvas = Canvas()
    draw_header(
        canvas, "One box in eight conventions",
        "one row of a map at spatial_scale 1/2, and three bins: which cells each of them pools",
    )  # fmt: skip
    left, top = EDGE + LABELS, HEADER + 34.0

    def x(column: float) -> float:
        return left + column * SIZE

    first, last = START * SCALE, END * SCALE
    canvas.rect(x(first), top - 12, x(last) - x(first), 6, fill=INK)
    told = f"the box: pixels {START:g} to {END:g} are {first:g} to {last:g} cells"
    canvas.text((x(first) + x(last)) / 2, top - 18, told, text_anchor="middle", fill=MUTED)
    bottom = top + 38 + len(DRAWN) * STEP
    for column in range(CELLS):
        canvas.rect(x(column), top, SIZE, 24, fill=shade(0.2), stroke=MUTED)
        canvas.text(x(column + 0.5), top + 17, f"{column}", text_anchor="middle")
    for column in range(CELLS + 1):
        canvas.rect(x(column) - 0.5, top + 24, 1, bottom - top - 32, fill=HAIRLINE)
    for line, name in enumerate(DRAWN):
        y = top + 42 + line * STEP
        canvas.text(left - 10, y + 19, name, text_anchor="end")
        bins = bins_of(name)
        start, _, end, _ = bins[0].quantized_box
        ends = [(x(start), y + 1), (x(start), y - 5), (x(end), y - 5), (x(end), y + 1)]
        canvas.path(polyline(ends), stroke=INK, stroke_width=1.5, fill="none")
        for p, record in enumerate(bins):
            begin, stop = record.columns
            colour, at = BIN_COLOURS[p], y + 4 + p * (BAR + 1)
            canvas.rect(x(begin) + 1, at, x(stop) - x(begin) - 2, BAR, fill=colour, fill_opacity=0.75)
    note = (
        "The bracket is the region, after what rounding there is; the bars are its bins. Most conventions "
        "round, and cut whole cells; rfcn, chainercv and mmcv keep real ends, and a bin takes every cell "
        "that it touches."
    )
    width = left + CELLS * SIZE + EDGE
    caption = draw_paragraphs(canvas, [note], [], [], bottom + 14, width)
    return canvas.picture(round(width), round(caption), f"RoI pooling's conventions. {note}")
