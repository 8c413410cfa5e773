"""The explanation of `bin_edges`: one row of cells, and under it a bar for each bin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roikit._svg import (
    HAIRLINE,
    MISSED,
    MUTED,
    PAPER,
    WRONG,
    Canvas,
    Picture,
    polyline,
    shade,
    text_width,
)
from roikit.convention import Convention
from roikit.reference.bin_edges import bin_edges

from ._explanation import Explanation, Outputs, Place, Tolerance
from ._numbers import coordinate, counted, span
from ._picture import EDGE, draw_header, draw_paragraphs
from ._records import CellRange
from ._scene import BIN_COLOURS

LABELS = 70  # pixels at the left for the words before the bars
WIDEST, LARGE_CELL, SMALLEST_CELL = 560, 40, 8
TOP, STRIP, BAR, GAP = 60, 30, 22, 5
MOST_DRAWN, MOST_NAMED = 64, 8  # bins


class BinsExplanation(Explanation):
    """How `bin_edges` cuts a range of cells. An index is (p, end): bin p, 0 for its start, 1 for its end."""

    operation = "bin_edges"
    _axes = ("p", "end")

    def __init__(self, length: int, bins: int, convention: Convention) -> None:
        self.shape = (bins, 2)
        self._length, self._convention = length, convention
        self._cell = min(WIDEST / max(length, 1), LARGE_CELL)
        self._edges = np.empty((bins, 2), np.int64)
        bin_edges(length, self._edges, convention)

    def bin(self, *index: int) -> CellRange:
        """Bin p as a record: ``bin(p)``, or by an index into the output, ``bin(p, end)``."""
        return self._record(self._checked(index, 1, 2))

    def _record(self, index: Place) -> CellRange:
        start, end = self._edges[index[0]].tolist()
        return CellRange(index[0], start, end)

    def _draw(
        self, at: Place, own: str | None, outputs: Outputs, tolerance: Tolerance, faults: list[str]
    ) -> Picture:
        """The bars of the operation's own result are what this picture is about: they need no `own`."""
        rows = {"bins": self._edges.astype(float)}
        if "expected" in outputs or own == "expected":
            rows = {"expected": outputs.get("expected", rows["bins"])}
        rows |= outputs
        canvas = Canvas()
        title = f"{counted(self._length, 'cell')} in {counted(len(self._edges), 'bin')}"
        subtitle = f"bin edges · {self._convention.split}"
        draw_header(canvas, title, subtitle)
        self._draw_cells(canvas)
        y = float(TOP + STRIP + 14)
        first = next(iter(rows.values()))
        for name, edges in rows.items():
            y = self._draw_bars(canvas, name, edges, np.any(tolerance.wrong(edges, first), axis=1), y)
        width = max(EDGE * 2 + LABELS + self._length * self._cell, 400)
        y += 14
        caption = [f"{self._record(at)}."] if at else []
        y = draw_paragraphs(canvas, caption, faults, self._notes(), y, width)
        return canvas.picture(round(width), round(y), f"{subtitle}, {title}")

    def _x(self, cell: float) -> float:
        """Pixel of a cell's left edge; beyond the strip's ends no more than half a cell is drawn."""
        return EDGE + LABELS + min(max(cell, -0.5), self._length + 0.5) * self._cell

    def _draw_cells(self, canvas: Canvas) -> None:
        canvas.text(EDGE, TOP + STRIP / 2 + 4, "cells", fill=MUTED)
        last = int(self._edges[:, 1].max())
        width = self._length * self._cell
        canvas.rect(self._x(0), TOP, width, STRIP, fill=shade(0.25), stroke=MUTED)
        if last < self._length:
            dropped = (self._length - last) * self._cell
            canvas.rect(self._x(last), TOP, dropped, STRIP, fill=PAPER, stroke=MUTED, stroke_dasharray="3 3")
        if self._cell < SMALLEST_CELL:
            canvas.text(self._x(0) + 5, TOP + STRIP / 2 + 4, "0", font_size=11)
            end = self._x(self._length) - 5
            canvas.text(end, TOP + STRIP / 2 + 4, str(self._length - 1), font_size=11, text_anchor="end")
            return
        lines = [polyline([(self._x(i), TOP), (self._x(i), TOP + STRIP)]) for i in range(1, self._length)]
        canvas.path("".join(lines), stroke=HAIRLINE if last else MUTED)
        step = 1 if self._cell >= 18 else 5
        with canvas.group(font_size=11, text_anchor="middle"):
            for i in range(0, self._length, step):
                canvas.text(self._x(i + 0.5), TOP + STRIP / 2 + 4, str(i), fill=MUTED if i >= last else None)

    def _draw_bars(
        self, canvas: Canvas, name: str, edges: NDArray[np.float64], wrong: NDArray[np.bool_], top: float
    ) -> float:
        """Bins that share cells stand on two lines by turns; returns where the next row of bars begins."""
        canvas.text(EDGE, top + 15, name, font_weight="bold")
        staggered = bool((edges[1:, 0] < edges[:-1, 1]).any())
        for p, (start, end) in enumerate(edges[:MOST_DRAWN]):
            y = top + (p % 2) * (BAR + GAP) * staggered
            self._draw_bar(canvas, p, start, end, bool(wrong[p]), y)
        return top + (BAR + GAP) * (1 + staggered) + 8

    def _draw_bar(
        self, canvas: Canvas, p: int, start: float, end: float, wrong: bool, y: float
    ) -> None:
        label = f"{p}: [{coordinate(start)}, {coordinate(end)})"
        look = {"font_size": 10.5, "text_anchor": "middle", "fill": WRONG if wrong else None}
        if not end > start:  # empty, reversed, or NaN
            if wrong:
                canvas.text(self._x(start if np.isfinite(start) else 0), y + 15, label, **look)
            return
        colour = WRONG if wrong else BIN_COLOURS[p % 4]
        left, width = self._x(start) + 1, max(self._x(end) - self._x(start) - 2, 1)
        canvas.rect(
            left,
            y,
            width,
            BAR,
            rx=3,
            fill=MISSED if wrong else colour,
            fill_opacity=None if wrong else 0.16,
            stroke=colour,
            stroke_width=1.5,
        )
        fitting = [text for text in (label, str(p)) if text_width(text, 10.5) < width]
        if fitting:
            canvas.text(left + width / 2, y + 15, fitting[0], **look)

    def _notes(self) -> list[str]:
        notes = []
        last = int(self._edges[:, 1].max())
        empty = np.flatnonzero(self._edges[:, 0] == self._edges[:, 1]).tolist()
        if last < self._length:
            notes.append(f"In no bin: {span('cell', last, self._length)}.")
        if empty:
            which = f": {', '.join(map(str, empty))}" if len(empty) <= MOST_NAMED else ""
            notes.append(f"{counted(len(empty), 'bin')} without a cell{which}.")
        if len(self._edges) > MOST_DRAWN:
            notes.append(f"The first {MOST_DRAWN} bins are drawn.")
        return notes
