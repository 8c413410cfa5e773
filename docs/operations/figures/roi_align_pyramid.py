"""The figure of roi_align_pyramid.md: boxes of four sizes, and the cells that each covers on its own map."""

from __future__ import annotations

import numpy as np

from roikit import pyramid_levels
from roikit._svg import INK, MUTED, Canvas, Picture, shade
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

LEVELS = (2, 3, 4, 5)
#: On an image of 512 × 512 pixels: x, y and side of each box.
BOXES = ((404, 8, 100), (330, 130, 136), (190, 274, 224), (10, 58, 448))
PIXEL, CELL, GAP = 0.62, 5.6, 24.0  # of the image, and of the maps; between two crops


def figure() -> Picture:
    rois = [[0, x, y, x + side, y + side] for x, y, side in BOXES]
    levels = [LEVELS[index] for index in pyramid_levels(rois, LEVELS)]
    canvas = Canvas()
    draw_header(
        canvas, "Each box is read from the map on which it covers 14 to 28 cells a side",
        "an image of 512 × 512 pixels and four maps of it, with 2⁻² to 2⁻⁵ cells per pixel",
    )  # fmt: skip
    top = HEADER + 26.0
    _image(canvas, EDGE + 4.0, top)
    left = EDGE + 4 + 512 * PIXEL + 34
    for i, ((_, _, side), level) in enumerate(zip(BOXES, levels, strict=True)):
        at_x, at_y = left + i % 2 * (25 * CELL + GAP), top + 16 + i // 2 * (25 * CELL + 56)
        _crop(canvas, at_x, at_y, side, level, BIN_COLOURS[i])
    note = (
        "A side of 224 pixels is 14 cells on the map of level 4, and from there on a box is read from that "
        "map; one of 223 pixels is still read from level 3, where it covers almost 28 cells."
    )
    width = left + 2 * (25 * CELL + GAP) + EDGE
    end = draw_paragraphs(canvas, [note], [], [], top + 512 * PIXEL + 30, width)
    return canvas.picture(round(width), round(end), f"The levels of a feature pyramid. {note}")


def _image(canvas: Canvas, left: float, top: float) -> None:
    size = 512 * PIXEL
    canvas.text(left, top - 8, "the image", font_weight="bold")
    canvas.rect(left, top, size, size, fill=shade(0.1), stroke=MUTED)
    for (x, y, side), colour in zip(BOXES[::-1], BIN_COLOURS[::-1], strict=True):  # the large ones below
        at_x, at_y = left + x * PIXEL, top + y * PIXEL
        canvas.rect(
            at_x, at_y, side * PIXEL, side * PIXEL, fill=colour, fill_opacity=0.12, stroke=colour,
            stroke_width=2,
        )
        canvas.text(at_x + 5, at_y + side * PIXEL - 6, f"{side} px", fill=colour, font_weight="bold")


def _crop(canvas: Canvas, left: float, top: float, side: int, level: int, colour: str) -> None:
    """The box on its own map."""
    cells = side >> level
    size = cells * CELL
    canvas.text(left, top - 22, f"level {level}", fill=colour, font_weight="bold")
    canvas.text(left, top - 7, f"{side} px / {2**level} = {cells} cells", fill=INK)
    canvas.rect(left, top, size, size, fill=colour, fill_opacity=0.12)
    for line in np.arange(cells + 1) * CELL:
        canvas.rect(left + line - 0.25, top, 0.5, size, fill=MUTED, fill_opacity=0.5)
        canvas.rect(left, top + line - 0.25, size, 0.5, fill=MUTED, fill_opacity=0.5)
    canvas.rect(left, top, size, size, fill="none", stroke=colour, stroke_width=2)
