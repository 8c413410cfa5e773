"""The figures of kernels.md: ``python docs/figures.py`` writes them beside it.

Both are the README's example: the 8×8 map, its box, 2×2 bins of 2×2 samples, aligned.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from two_products import axis_matrix, window

from roikit._svg import HAIRLINE, INK, MUTED, PAPER, Canvas, Picture, polyline, shade, text_on
from roikit.examples import MAP_8X8, ROI_8X8
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS, HALF

FOLDER = Path(__file__).parent
BINS, RATIO = 2, 2
_, X1, Y1, X2, Y2 = ROI_8X8[0] - HALF  # aligned: index coordinates
W_Y = axis_matrix(Y1, Y2, BINS, 8, RATIO)
W_X = axis_matrix(X1, X2, BINS, 8, RATIO)


def one_axis() -> Picture:
    """The rows' axis: bins, sample points, cells, and the matrix that is left of them."""
    canvas = Canvas()
    draw_header(
        canvas, "One axis of a RoI is a small matrix",
        "the rows of the 8×8 map, laid across; the box goes from y = 3 to 8; two bins, two samples each",
    )  # fmt: skip
    left, size, top = EDGE + 60.0, 56.0, HEADER + 26.0
    points = Y1 + (np.arange(BINS * RATIO) + HALF) * (Y2 - Y1) / (BINS * RATIO)
    cells, table = top + 92, top + 160

    def x(row: float) -> float:  # a row's value stands at the middle of its cell
        return left + (row + HALF) * size

    for p in range(BINS):
        start, end = (Y1 + (p + step) * (Y2 - Y1) / BINS for step in (0, 1))
        across, colour = x(end) - x(start), BIN_COLOURS[p]
        canvas.rect(x(start), top, across, 30, fill=colour, fill_opacity=0.16)
        canvas.rect(x(start) + 1, top + 1, across - 2, 28, fill="none", stroke=colour, stroke_width=2)
        canvas.text(x(start) + 6, top - 6, f"bin {p}", fill=colour, font_weight="bold")
    for row in range(8):
        canvas.rect(left + row * size, cells, size, 28, fill=shade(0.25), stroke=MUTED)
        canvas.text(x(row), cells + 19, f"row {row}", text_anchor="middle")
    for i, y in enumerate(points.tolist()):
        colour = BIN_COLOURS[i // RATIO]
        low = int(y)
        for row, weight in ((low, low + 1 - y), (low + 1, y - low)):
            line = polyline([(x(y), top + 15), (x(row), cells)])
            canvas.path(line, stroke=colour, stroke_width=round(1 + 3 * weight, 2), stroke_opacity=0.75)
        canvas.circle(x(y), top + 15, 4.5, fill=INK, stroke=PAPER, stroke_width=1.5)
    canvas.text(left, table - 12, "W_y: what each row weighs in each bin", font_weight="bold")
    draw_matrix(canvas, W_Y, left, table, size)
    caption = (
        "Row 4 is tapped by both samples of bin 0: 1/8 of the one and 5/8 of the other, halved because a bin "
        "is the average of two. It has one weight, 0.375; so a bin needs 3 rows of the map and not 4."
    )
    width = left + 8 * size + EDGE + 8
    note = f"sample points: y = {', '.join(f'{y:g}' for y in points.tolist())}; a thicker line weighs more"
    end = draw_paragraphs(canvas, [caption], [], [note], table + 2 * 28 + 28, width)
    return canvas.picture(round(width), round(end), f"W_y of the example: {caption}")


def two_passes() -> Picture:
    """W_y · X, then the result · W_xᵀ, with all their numbers."""
    rows, columns = window(W_Y), window(W_X)
    W_y, W_x, X = W_Y[:, rows], W_X[:, columns], MAP_8X8[rows, columns]
    middle = W_y @ X
    result = middle @ W_x.T
    canvas = Canvas()
    draw_header(
        canvas, "Two passes",
        "W_y · X · W_xᵀ on the window of the map that the RoI reads: rows 3..7, columns 0..6",
    )  # fmt: skip
    size, high, left, top = 38.0, 26.0, EDGE + 4.0, HEADER + 40.0

    def beside(parts: list[tuple[str, np.ndarray, int]], y: float, signs: str) -> float:
        """Matrices side by side, each with its name above; returns where they end."""
        x, tallest = left, max(len(values) for _, values, _ in parts)
        for (name, values, digits), sign in zip(parts, f" {signs}", strict=True):
            if sign != " ":
                canvas.text(x + 13, y + tallest * high / 2 + 5, sign, text_anchor="middle", font_size=16)
                x += 26
            start = y + (tallest - len(values)) * high / 2
            canvas.text(x, start - 7, name, font_weight="bold")
            numbers(canvas, values, x, start, size, high, digits)
            x += values.shape[1] * size
        return x

    right = beside([("W_y", W_y, 4), ("X", X, 2), ("W_y · X", middle, 3)], top, "·=")
    second = top + 5 * high + 52
    beside([("W_y · X", middle, 3), ("W_xᵀ", W_x.T, 4), ("out", result, 4)], second, "·=")
    captions = [
        "Above, the rows pass: rows are weighted and added, many columns at a time, as they lie in memory.",
        "Below, the columns pass: each output picks its few cells out of a row that vectors already hold.",
    ]
    end = draw_paragraphs(canvas, captions, [], [], second + 7 * high + 26, right + EDGE)
    return canvas.picture(round(right + EDGE + 4), round(end), " ".join(captions))


def draw_matrix(canvas: Canvas, matrix: np.ndarray, left: float, top: float, size: float) -> None:
    """The weights, below the cells that they are of."""
    for p, row in enumerate(matrix):
        y, look = top + p * 28, {"text_anchor": "end", "font_weight": "bold"}
        canvas.text(left - 10, y + 19, f"bin {p}", fill=BIN_COLOURS[p], **look)
        numbers(canvas, row[None], left, y, size, 28, 4)


def numbers(
    canvas: Canvas, values: np.ndarray, left: float, top: float, width: float, height: float, digits: int
) -> None:
    """A table; zeros are dots."""
    largest = float(values.max())
    with canvas.group(text_anchor="middle", font_size=11):
        for (i, j), value in np.ndenumerate(values):
            colour = shade(value / largest * 0.9)
            x, y = left + j * width, top + i * height
            canvas.rect(x, y, width, height, fill=colour, stroke=HAIRLINE)
            word = f"{value:.{digits}f}".removeprefix("0") if value else "·"
            canvas.text(x + width / 2, y + height / 2 + 4, word, fill=text_on(colour))


FIGURES = {"one_axis": one_axis, "two_passes": two_passes}

if __name__ == "__main__":
    for name, figure in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(f"{figure().svg}\n", encoding="utf-8")
