"""The small grids of a picture, one number a bin: expected, got with what is wrong in red, the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from roikit._svg import INK, MISSED, MUTED, WRONG, Canvas, not_equal, text_width

from ._numbers import cell_text, difference_text, telling_format
from ._scene import bin_colour

MOST_SHOWN = 7  # bins a side; a larger grid is cropped around the asked bin
CELL_HEIGHT, SMALLEST_WIDTH, GAP = 30, 46, 34
MARK, APART = 8, 8  # pixels that a ≠ takes, and between grids
SIDE = 22  # pixels at the left of a grid for the row numbers


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
    """The cropped numbers of one output as texts; those that are `marked` have a ≠ and the mark's colour."""

    title: str
    texts: np.ndarray
    marked: np.ndarray
    mark: str = WRONG


def compared(
    outputs: Mapping[str, np.ndarray], wrong: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> list[Grid]:
    """A grid for each output, compared with the first; and the difference, where `got` is wrong somewhere."""
    if not outputs:
        return []
    values = list(outputs.values())
    marks = [wrong(each, values[0]) for each in values]
    form = telling_format(values[0], values[-1], marks[-1])
    grids = [
        Grid(name, _texts(each, lambda value: cell_text(value, form)), marked)
        for (name, each), marked in zip(outputs.items(), marks, strict=True)
    ]
    if "got" in outputs and marks[-1].any():
        apart = np.where(marks[-1], values[-1] - outputs.get("expected", values[0]), 0.0)
        grids.append(Grid("got - expected", _texts(apart, difference_text), np.zeros_like(marks[-1])))
    return grids


def _texts(values: np.ndarray, text: Callable[[float], str]) -> np.ndarray:
    return np.array([text(value) for value in values.flat], dtype=object).reshape(values.shape)


class GridPanel:
    """Grids of one crop from (left, top) on, side by side as far as they fit into `room` pixels."""

    def __init__(self, grids: list[Grid], crop: Crop, left: float, top: float, room: float = 0) -> None:
        self._grids, self._crop = grids, crop
        rows, columns = crop.shape
        widest = max(text_width(text, 12) for grid in grids for text in grid.texts.flat)
        marks = MARK if any(grid.marked.any() for grid in grids) else 0
        self._width = max(widest + 10 + marks, SMALLEST_WIDTH)
        titles = max(text_width(self._title(grid), 12.5) for grid in grids)
        width = SIDE + max(columns * self._width, titles)
        height = GAP + rows * CELL_HEIGHT + 8
        beside = max(int((room + APART) // (width + APART)), 1)
        self._corners = [
            (left + SIDE + at % beside * (width + APART), top + at // beside * height)
            for at in range(len(grids))
        ]
        self.right = max(x for x, _ in self._corners) + width - SIDE
        self.bottom = self._corners[-1][1] + height - 8

    def draw(self, canvas: Canvas) -> None:
        for grid, corner in zip(self._grids, self._corners, strict=True):
            self._draw_grid(canvas, grid, *corner)

    def _title(self, grid: Grid) -> str:
        return grid.title if self._crop.is_whole else f"{grid.title} (a part)"

    def _draw_grid(self, canvas: Canvas, grid: Grid, left: float, top: float) -> None:
        canvas.text(left, top + 10, self._title(grid), font_weight="bold", font_size=12.5)
        first_row = top + GAP - 4
        with canvas.group(font_size=10, fill=MUTED, text_anchor="middle"):
            for x, column in enumerate(self._crop.columns):
                canvas.text(left + (x + 0.5) * self._width, first_row - 4, str(column))
            for y, row in enumerate(self._crop.rows):
                canvas.text(left - 10, first_row + (y + 0.5) * CELL_HEIGHT + 3.5, str(row))
        for (y, x), text in np.ndenumerate(grid.texts):
            place = (self._crop.rows[y], self._crop.columns[x])
            corner = (left + x * self._width, first_row + y * CELL_HEIGHT)
            mark = grid.mark if grid.marked[y, x] else None
            self._draw_cell(canvas, text, mark, bin_colour(place), corner)
            if place == self._crop.asked:
                canvas.rect(*corner, self._width, CELL_HEIGHT, fill="none", stroke=INK, stroke_width=2.5)

    def _draw_cell(
        self, canvas: Canvas, text: str, mark: str | None, colour: str, corner: tuple[float, float]
    ) -> None:
        x, y = corner
        canvas.rect(
            x + 3,
            y + 3,
            self._width - 6,
            CELL_HEIGHT - 6,
            rx=3,
            fill=MISSED if mark == WRONG else colour,
            fill_opacity=None if mark == WRONG else 0.13,
            stroke=mark or colour,
            stroke_width=2 if mark else 1,
        )
        if mark:
            canvas.path(not_equal(x + self._width - 8, y + 9), stroke=mark, stroke_width=1.2)
        canvas.text(
            x + self._width / 2,
            y + CELL_HEIGHT / 2 + 4.5,
            text,
            text_anchor="middle",
            fill=mark,
            font_weight="bold" if mark else None,
        )


def _visible(size: int, asked: int) -> range:
    start = min(max(asked - MOST_SHOWN // 2, 0), max(size - MOST_SHOWN, 0))
    return range(start, min(start + MOST_SHOWN, size))
