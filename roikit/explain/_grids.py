"""The right part of a picture: expected and got as small grids, one number a bin, the wrong ones in red."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from roikit._svg import INK, MISSED, MUTED, WRONG, Canvas, text_width

from ._numbers import cell_text, telling_format
from ._scene import bin_colour

MOST_SHOWN = 7  # bins a side; a larger grid is cropped around the asked bin
CELL_HEIGHT, SMALLEST_WIDTH, GAP = 30, 46, 34


@dataclass(frozen=True)
class Crop:
    """The bins that the grids show; places that are not pairs (points in a row, say) stand in one row."""

    place_shape: tuple[int, ...]
    rows: range
    columns: range
    asked: tuple[int, int] | None

    @classmethod
    def of(cls, place_shape: tuple[int, ...], place: tuple[int, ...] | None) -> Crop:
        size = math.prod(place_shape)
        if len(place_shape) == 2:
            (rows, columns), asked = place_shape, place
        else:
            rows, columns = 1, size
            asked = None if place is None else (0, int(np.ravel_multi_index((0, *place), (1, *place_shape))))
        y, x = asked or (0, 0)
        return cls(place_shape, _visible(rows, y), _visible(columns, x), (y, x) if asked else None)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.columns)

    @property
    def is_whole(self) -> bool:
        return len(self.rows) * len(self.columns) == math.prod(self.place_shape)

    def places(self) -> list[tuple[int, ...]]:
        """Places in the output, row by row."""
        return [
            (row, column) if len(self.place_shape) == 2 else self._unravelled(column)
            for row in self.rows
            for column in self.columns
        ]

    def _unravelled(self, place: int) -> tuple[int, ...]:
        return tuple(int(i) for i in np.unravel_index(place, self.place_shape)) if self.place_shape else ()

    def cut(self, values: np.ndarray) -> np.ndarray:
        table = values if values.ndim == 2 else values.reshape(1, -1)
        return table[self.rows.start : self.rows.stop, self.columns.start : self.columns.stop]


@dataclass(frozen=True)
class Grid:
    """The cropped numbers of one output, and which of them are wrong."""

    title: str
    values: np.ndarray
    wrong: np.ndarray


class GridPanel:
    """Grids of one crop below each other, with their top left pixel at (left, top)."""

    def __init__(self, grids: list[Grid], crop: Crop, left: float, top: float) -> None:
        self._grids, self._crop = grids, crop
        self._left, self._top = left + 22, top
        rows, columns = crop.shape
        self._format = telling_format(grids[0].values, grids[-1].values, grids[-1].wrong)
        texts = [cell_text(value, self._format) for grid in grids for value in grid.values.flat]
        widest = max(text_width(text, 12) for text in texts)
        self._width = max(widest + 12, SMALLEST_WIDTH)
        self._step = GAP + rows * CELL_HEIGHT + 8
        titles = max(text_width(self._title(grid), 12.5) for grid in grids)
        self.right = self._left + max(columns * self._width, titles)
        self.bottom = top + len(grids) * self._step - 8

    def draw(self, canvas: Canvas) -> None:
        for at, grid in enumerate(self._grids):
            self._draw_grid(canvas, grid, self._top + at * self._step)

    def _title(self, grid: Grid) -> str:
        return grid.title if self._crop.is_whole else f"{grid.title} (a part)"

    def _draw_grid(self, canvas: Canvas, grid: Grid, top: float) -> None:
        canvas.text(self._left, top + 10, self._title(grid), font_weight="bold", font_size=12.5)
        first_row = top + GAP - 4
        with canvas.group(font_size=9.5, fill=MUTED, text_anchor="middle"):
            for x, column in enumerate(self._crop.columns):
                canvas.text(self._left + (x + 0.5) * self._width, first_row - 4, str(column))
            for y, row in enumerate(self._crop.rows):
                canvas.text(self._left - 10, first_row + (y + 0.5) * CELL_HEIGHT + 3.5, str(row))
        for (y, x), value in np.ndenumerate(grid.values):
            place = (self._crop.rows[y], self._crop.columns[x])
            corner = (self._left + x * self._width, first_row + y * CELL_HEIGHT)
            text = cell_text(value, self._format)
            self._draw_cell(canvas, text, bool(grid.wrong[y, x]), bin_colour(place), corner)
            if place == self._crop.asked:
                canvas.rect(*corner, self._width, CELL_HEIGHT, fill="none", stroke=INK, stroke_width=2.5)

    def _draw_cell(
        self, canvas: Canvas, text: str, wrong: bool, colour: str, corner: tuple[float, float]
    ) -> None:
        x, y = corner
        canvas.rect(
            x + 3,
            y + 3,
            self._width - 6,
            CELL_HEIGHT - 6,
            rx=3,
            fill=MISSED if wrong else colour,
            fill_opacity=None if wrong else 0.13,
            stroke=WRONG if wrong else colour,
            stroke_width=1.5 if wrong else 1,
        )
        canvas.text(
            x + self._width / 2,
            y + CELL_HEIGHT / 2 + 4.5,
            text,
            text_anchor="middle",
            fill=WRONG if wrong else None,
            font_weight="bold" if wrong else None,
        )


def _visible(size: int, asked: int) -> range:
    start = min(max(asked - MOST_SHOWN // 2, 0), max(size - MOST_SHOWN, 0))
    return range(start, min(start + MOST_SHOWN, size))
