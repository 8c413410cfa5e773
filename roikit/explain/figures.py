"""The figures of the course's documents, drawn from what the operations compute.

``python -m roikit.explain.figures FOLDER`` writes them as SVG files.

>>> from roikit.explain import figures
>>> figures.losses_665()
<roikit picture, 464×393 px>
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from roikit import examples, explain
from roikit._svg import (
    HAIRLINE,
    INK,
    MUTED,
    PAPER,
    WRONG,
    Canvas,
    Picture,
    dot_path,
    polyline,
    shade,
)

from ._numbers import coordinate, words
from ._picture import EDGE, HEADER, draw_header, draw_paragraphs
from ._records import Sampled
from ._scene import BIN_COLOURS, HALF

__all__ = ["FIGURES", "Losses", "areas_as_weights", "losses", "losses_665", "pooling_8x8", "sample_points"]

CELL, BAR, ROW = 17, 24, 56  # pixels: a cell's width, a bar's height, from row to row
SIDE = 240  # pixels between two neighbours
NAMES = "ABCD"  # of the four neighbours, top left first


def pooling_8x8() -> Picture:
    """The 8×8 map, its box cut into 2 + 3 rows and 3 + 4 columns, and the four maxima."""
    pooled = explain.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2, convention="disjoint")
    return pooled.picture(result=True)


def sample_points() -> Picture:
    """The first bin on the same map, not quantized: four sample points, each with its four neighbours."""
    aligned = explain.roi_align(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2, 1.0, 2, True, mode="max")
    return aligned.picture((0, 0, 0, 0), result=True)


class Losses(NamedTuple):
    """What the two quantizations of a box's side leave out, in cells and in image pixels."""

    pixels: float
    scaled: float
    quantized: int
    bins: int
    in_bins: int  # cells
    stride: float

    @property
    def by_the_box(self) -> float:
        """Image pixels lost where the box is quantized."""
        return (self.scaled - self.quantized) * self.stride

    @property
    def by_the_bins(self) -> float:
        """Image pixels lost where the bins are quantized."""
        return (self.quantized - self.in_bins) * self.stride

    @property
    def looked_at(self) -> float:
        return self.in_bins * self.stride


def losses() -> Losses:
    """665 pixels at stride 32 in 7 bins, cut as "truncate" does.

    Examples
    --------
    >>> lost = losses()
    >>> lost.by_the_box, lost.by_the_bins, lost.looked_at
    (25.0, 192.0, 448.0)
    """
    pooled = explain.roi_pool(_map_25(), examples.BOX_665, 7, examples.SCALE_665, convention="truncate")
    last = pooled.bin(0, 0, 6, 6)
    return Losses(
        pixels=last.box[2],
        scaled=last.scaled_box[2],
        quantized=int(last.quantized_box[2]),
        bins=last.output_size[1],
        in_bins=last.columns[1],
        stride=1 / last.spatial_scale,
    )


def losses_665() -> Picture:
    """665/32 = 20.78125 cells: what quantizing the box and the bins loses; RoIAlign loses nothing."""
    lost = losses()
    pixels, stride, scaled = map(coordinate, (lost.pixels, lost.stride, lost.scaled))
    by_the_box, by_the_bins = coordinate(lost.by_the_box), coordinate(lost.by_the_bins)
    size = lost.quantized // lost.bins
    canvas = Canvas()
    draw_header(
        canvas,
        f"A box of {pixels} pixels on a map of stride {stride}",
        f"one side of it; a cell of the map is {stride} pixels of the image",
    )
    rows = _rows(canvas)
    _cells(canvas, rows("the map: 25 cells, 800 pixels of the image"))
    _bar(canvas, 0, lost.scaled, rows(f"the box: {pixels} / {stride} = {scaled} cells"), INK)
    y = rows(f"the box quantized: {lost.quantized} cells, {by_the_box} pixels lost")
    _kept_and_lost(canvas, [(0, lost.quantized)], lost.scaled, y)
    share = f"{lost.quantized}/{lost.bins} → {size} cells each"
    y = rows(f"{lost.bins} bins quantized: {share}, {by_the_bins} pixels lost")
    _kept_and_lost(canvas, [(p * size, (p + 1) * size) for p in range(lost.bins)], lost.quantized, y)
    y = rows(f"RoIAlign: {lost.bins} bins of {coordinate(lost.scaled / lost.bins)} cells, nothing lost")
    _sampled(canvas, y)
    caption = (
        f"Of {pixels} pixels {coordinate(lost.looked_at)} are looked at: {by_the_box} are lost where the box "
        f"is quantized, {by_the_bins} where the bins are."
    )
    width = 2 * EDGE + 25 * CELL + 7
    bottom = draw_paragraphs(canvas, [caption], [], [], y + BAR + 26, width)
    return canvas.picture(width, round(bottom), caption)


def _rows(canvas: Canvas) -> Callable[[str], float]:
    """Writes the words of the next row, and tells where its bars begin."""
    tops = count(HEADER + 20, ROW)

    def row(label: str) -> float:
        top = next(tops)
        canvas.text(EDGE, top, label)
        return float(top + 8)

    return row


def _map_25() -> np.ndarray:
    return examples.ramp(25, 25)[None, None]


def _x(cell: float) -> float:
    return EDGE + cell * CELL


def _cells(canvas: Canvas, y: float) -> None:
    canvas.rect(_x(0), y, 25 * CELL, BAR, fill=shade(0.25), stroke=MUTED)
    lines = [polyline([(_x(cell), y), (_x(cell), y + BAR)]) for cell in range(1, 25)]
    canvas.path("".join(lines), stroke=HAIRLINE)
    with canvas.group(font_size=10, text_anchor="middle"):
        for cell in range(25):
            canvas.text(_x(cell + HALF), y + 4 + BAR / 2, str(cell))


def _bar(canvas: Canvas, start: float, end: float, y: float, colour: str) -> None:
    left, width = _x(start), (end - start) * CELL
    canvas.rect(left, y, width, BAR, fill=colour, fill_opacity=0.16)
    canvas.rect(left + 1, y + 1, width - 2, BAR - 2, fill="none", stroke=colour, stroke_width=2)


def _kept_and_lost(canvas: Canvas, kept: list[tuple[float, float]], end: float, y: float) -> None:
    """Bars of what is kept, and what is lost from there to `end`, hatched."""
    for at, (start, stop) in enumerate(kept):
        _bar(canvas, start, stop, y, BIN_COLOURS[at % 2])
    start = kept[-1][1]
    canvas.rect(_x(start), y, (end - start) * CELL, BAR, fill=PAPER, stroke=WRONG, stroke_dasharray="3 2")
    feet = np.arange(_x(start), _x(end) - 4, 6)
    canvas.path("".join(polyline([(x, y + BAR), (x + 5, y)]) for x in feet.tolist()), stroke=WRONG)


def _sampled(canvas: Canvas, y: float) -> None:
    """The bins of RoIAlign with their sample points."""
    aligned = explain.roi_align(_map_25(), examples.BOX_665, 7, examples.SCALE_665, 2, True)
    for p in range(7):
        record = aligned.bin(0, 0, 0, p)
        start, end = record.columns
        _bar(canvas, start + HALF, end + HALF, y, BIN_COLOURS[p % 2])
        dots = "".join(dot_path(_x(x + HALF), y + BAR / 2) for x in record.samples.x[0].tolist())
        canvas.path(dots, stroke=INK, stroke_width=5, stroke_linecap="round")


def areas_as_weights() -> Picture:
    """A point between four values: each weighs the area between the point and the opposite value."""
    point = explain.bilinear_interpolate(examples.MAP_8X8, 3.125, 0.375).bin()
    samples = point.samples
    canvas = Canvas()
    where = f"({coordinate(float(samples.y))}, {coordinate(float(samples.x))})"
    draw_header(canvas, "A weight is an area", f"bilinear interpolation at (y, x) = {where} of the 8×8 map")
    left, top = 84.0, HEADER + 34.0
    right, bottom = left + SIDE, top + SIDE
    down, across = samples.fractions.tolist()
    middle = (left + across * SIDE, top + down * SIDE)
    corners = [(left, top), (right, top), (left, bottom), (right, bottom)]
    for at, opposite in enumerate(corners[::-1]):
        _area(canvas, at, samples, middle, opposite)
    for at, corner in enumerate(corners):
        _neighbour(canvas, at, samples, corner)
    canvas.circle(*middle, 5, fill=INK, stroke=PAPER, stroke_width=2)
    terms = " + ".join(f"{words(weight)}·{name}" for weight, name in zip(samples.weights, NAMES, strict=True))
    caption = f"{terms} = {words(point.result)}"
    width = round(right + 100)
    note = "The four areas sum to 1; the nearer a value, the heavier."
    end = draw_paragraphs(canvas, [caption], [], [note], bottom + 46, width)
    return canvas.picture(width, round(end), f"bilinear interpolation: {caption}")


def _area(
    canvas: Canvas, at: int, samples: Sampled, point: tuple[float, float], corner: tuple[float, float]
) -> None:
    """The weight of neighbour `at`: the rectangle between the point and the corner opposite to it."""
    (left, right), (top, bottom) = map(sorted, zip(point, corner, strict=True))
    colour = BIN_COLOURS[at]
    canvas.rect(left, top, right - left, bottom - top, fill=colour, fill_opacity=0.3, stroke=colour)
    x, y = (left + right) / 2, (top + bottom) / 2 + 4
    canvas.text(x, y, f"{NAMES[at]}: {words(samples.weights[at])}", text_anchor="middle", font_size=12.5)


def _neighbour(canvas: Canvas, at: int, samples: Sampled, corner: tuple[float, float]) -> None:
    """A value, and its name outside of the square."""
    (x, y), is_right = corner, at % 2
    canvas.circle(x, y, 6, fill=BIN_COLOURS[at], stroke=PAPER, stroke_width=2)
    row, column = samples.neighbours[at].tolist()
    with canvas.group(text_anchor=None if is_right else "end"):
        x += 12 if is_right else -12
        canvas.text(x, y + 1, f"{NAMES[at]} = {words(samples.neighbour_values[at])}", font_weight="bold")
        canvas.text(x, y + 15, f"at ({row}, {column})", font_size=11, fill=MUTED)


#: The figures by the name of their file.
FIGURES: Mapping[str, Callable[[], Picture]] = MappingProxyType(
    {
        "roi_pool": pooling_8x8,
        "losses_665": losses_665,
        "sample_points": sample_points,
        "areas_as_weights": areas_as_weights,
    }
)


def main(folder: str) -> None:
    for name, figure in FIGURES.items():
        Path(folder, f"{name}.svg").write_text(f"{figure().svg}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
