"""The figure of masks.md: one mask, one box, and what either convention pastes."""

from __future__ import annotations

import numpy as np

from roikit import paste_masks
from roikit._svg import HAIRLINE, INK, MUTED, Canvas, Picture, shade, text_on
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS
from roikit.reference.paste_masks import grown

CELL, GAP = 30.0, 34.0
MASK = np.array([[1.0, 0.4], [0.7, 0.9]])
BOX, SIZE = (2, 2, 6, 5), (7, 9)


def figure() -> Picture:
    canvas = Canvas()
    draw_header(
        canvas, "One mask, two ways to paste it",
        "a mask of 2×2 cells over a box of 4×3 pixels, outlined; darker: 0.5 or more",
    )  # fmt: skip
    top, left = HEADER + 30.0, EDGE + 2.0
    canvas.text(left, top - 10, "the mask, padded", fill=MUTED)
    _table(canvas, np.pad(MASK, 1), left, top, digits=1)
    x = left + 4 * CELL + GAP
    for convention in ("torchvision", "detectron2"):
        canvas.text(x, top - 10, convention, fill=MUTED)
        _table(canvas, paste_masks(MASK[None], [BOX], SIZE, convention=convention)[0], x, top, digits=2)
        _outline(canvas, BOX, x, top, stroke=BIN_COLOURS[0], stroke_width=2.5)
        if convention == "torchvision":
            (left_end, right_end), (top_end, bottom_end) = (
                grown(BOX[axis], BOX[2 + axis], 2, 1) for axis in (0, 1)
            )
            pixels = (left_end, max(top_end, 0), right_end + 1, min(bottom_end + 1, SIZE[0]))
            _outline(canvas, pixels, x, top, stroke=INK, stroke_width=1.5, stroke_dasharray="5 3")
        x += SIZE[1] * CELL + GAP
    caption = (
        f"torchvision: the box grows with the padded mask to pixels {left_end} .. {right_end}, dashed: "
        f"{right_end - left_end + 1} of them for 4 cells. detectron2: 4 pixels for 2 cells, nothing rounded."
    )
    width = x - GAP + EDGE
    bottom = draw_paragraphs(canvas, [caption], [], [], top + SIZE[0] * CELL + 28, width)
    return canvas.picture(round(width), round(bottom), f"Pasted masks. {caption}")


def _table(canvas: Canvas, values: np.ndarray, left: float, top: float, digits: int) -> None:
    with canvas.group(text_anchor="middle", font_size=10.5):
        for (row, column), value in np.ndenumerate(values):
            colour = shade(0.75 if value >= 0.5 else 0.12 if value else 0.0)
            x, y = left + column * CELL, top + row * CELL
            canvas.rect(x, y, CELL, CELL, fill=colour, stroke=HAIRLINE)
            word = f"{value:.{digits}f}".removeprefix("0") if value else "·"
            canvas.text(x + CELL / 2, y + CELL / 2 + 4, word, fill=text_on(colour))


def _outline(
    canvas: Canvas, box: tuple[float, float, float, float], left: float, top: float, **look: object
) -> None:
    x1, y1, x2, y2 = (end * CELL for end in box)
    canvas.rect(left + x1, top + y1, x2 - x1, y2 - y1, fill="none", **look)
