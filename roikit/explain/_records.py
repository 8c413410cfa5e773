"""Everything that went into one value of the output, as records; ``print(record)`` tells it step by step.

The geometry is the reference's own: these records call its functions, bin by bin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.convention import Convention
from roikit.reference.bilinear_interpolate import Taps, axis_taps, blend

from . import _align_steps, _pool_steps
from ._derivation import Derived, Step
from ._numbers import coordinate, counted, mode_name, span, stretch, words

MOST_SAMPLES_LISTED = 4


@dataclass(frozen=True, eq=False)
class PoolBin(Derived):
    """Bin (ph, pw) of RoI k on channel c, pooled.

    Attributes
    ----------
    index : (k, c, ph, pw)
    image : batch index of the RoI
    box : (x1, y1, x2, y2) in image pixels, as given
    spatial_scale, output_size : as asked for
    scaled_box : the box times spatial_scale, in cells
    quantized_box : (x1, y1, x2, y2) in cells, half-open; whole numbers where the convention rounds
    rows, columns : (start, end) of the bin in cells, half-open, also where it leaves the map
    rows_on_map, columns_on_map : the part of them that is on the map
    values : the cells that are read, (rows, columns)
    convention, mode : as asked for
    argmax : (y, x), the cell of the maximum, or None
    result : the bin's value
    explanation : what the record is from
    """

    index: tuple[int, int, int, int]
    image: int
    box: tuple[float, float, float, float]
    spatial_scale: float
    output_size: tuple[int, int]
    scaled_box: tuple[float, float, float, float]
    quantized_box: tuple[float, float, float, float]
    rows: tuple[int, int]
    columns: tuple[int, int]
    rows_on_map: tuple[int, int]
    columns_on_map: tuple[int, int]
    values: NDArray[Any]
    convention: Convention
    mode: str
    argmax: tuple[int, int] | None
    result: float
    explanation: Any = field(repr=False)

    @property
    def sentence(self) -> str:
        k, c, ph, pw = self.index
        place = f"{span('row', *self.rows)}, {span('column', *self.columns)}"
        if (self.rows, self.columns) != (self.rows_on_map, self.columns_on_map):
            on_map = f"{span('row', *self.rows_on_map)}, {span('column', *self.columns_on_map)}"
            place += " (none of it on the map)" if self.values.size == 0 else f" (on the map: {on_map})"
        return f"bin ({ph}, {pw}) of RoI {k}, channel {c}: {place}; {self.value_in_words()}"

    def value_in_words(self) -> str:
        value = words(self.result)
        cells = (self.rows[1] - self.rows[0]) * (self.columns[1] - self.columns[0])
        if cells == 0 or (self.values.size == 0 and self.convention.outside == "ignore"):
            return f"a bin without cells is {value}"
        if self.mode == "avg":
            counted_cells = self.values.size if self.convention.outside == "ignore" else cells
            return f"average {value} of {counted(counted_cells, 'cell')}"
        if self.argmax is None:
            return f"maximum {value}, that of the cells off the map"
        y, x = self.argmax
        return f"maximum {value} at ({y}, {x})"

    @property
    def steps(self) -> tuple[Step, ...]:
        return _pool_steps.steps(self)


@dataclass(frozen=True, eq=False)
class Sampled:
    """Points of a map and the bilinear values there, over arrays of points of one shape.

    Attributes
    ----------
    y, x : (*points) in index coordinates: the value of cell (row i, column j) stands at (i, j)
    inside : (*points) bool; a point outside [-1, H] or [-1, W] counts as 0
    neighbours : (*points, 4, 2) row and column of top left, top right, bottom left, bottom right
    fractions : (*points, 2) how far down and how far right of the neighbour at the top left, 0 .. 1
    weights, neighbour_values : (*points, 4)
    values : (*points), the interpolated value
    """

    y: NDArray[np.float64]
    x: NDArray[np.float64]
    inside: NDArray[np.bool_]
    neighbours: NDArray[np.int64]
    fractions: NDArray[np.float64]
    weights: NDArray[np.float64]
    neighbour_values: NDArray[np.float64]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, plane: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64]) -> Sampled:
        """Read `plane` (H, W) at the points; y and x broadcast."""
        y, x = np.broadcast_arrays(y, x)
        taps_y, taps_x = axis_taps(y, plane.shape[0]), axis_taps(x, plane.shape[1])
        rows = np.stack([taps_y.low, taps_y.low, taps_y.high, taps_y.high], axis=-1)
        columns = np.stack([taps_x.low, taps_x.high, taps_x.low, taps_x.high], axis=-1)
        return cls(
            y=y,
            x=x,
            inside=taps_y.inside & taps_x.inside,
            neighbours=np.stack([rows, columns], axis=-1),
            fractions=np.stack(np.broadcast_arrays(taps_y.fraction, taps_x.fraction), axis=-1),
            weights=_corner_weights(taps_y, taps_x),
            neighbour_values=plane[rows, columns].astype(np.float64),
            values=blend(plane, taps_y, taps_x),
        )

    def clamped(self, point: tuple[int, ...]) -> tuple[float, float]:
        """Where on the map the point (y, x) is read."""
        y, x = (self.neighbours[point][0] + self.fractions[point]).tolist()
        return y, x

    def terms(self, point: tuple[int, ...]) -> list[str]:
        """The terms of a point's sum: "0.546875 × 0.85 at (3, 0)", and so on."""
        return [
            f"{words(weight)} × {words(value)} at ({row}, {column})"
            for weight, value, (row, column) in zip(
                self.weights[point], self.neighbour_values[point], self.neighbours[point], strict=True
            )
        ]


def _corner_weights(y: Taps, x: Taps) -> NDArray[np.float64]:
    """(*points, 4): a corner weighs the area of the rectangle between the point and the opposite corner."""
    return np.stack(
        [
            (1 - y.fraction) * (1 - x.fraction),
            (1 - y.fraction) * x.fraction,
            y.fraction * (1 - x.fraction),
            y.fraction * x.fraction,
        ],
        axis=-1,
    )


@dataclass(frozen=True, eq=False)
class AlignBin(Derived):
    """Bin (ph, pw) of RoI k on channel c, sampled.

    Attributes
    ----------
    index : (k, c, ph, pw)
    image : batch index of the RoI
    box : (x1, y1, x2, y2) in image pixels, as given
    spatial_scale, output_size : as asked for
    scaled_box : (x1, y1, x2, y2) in index coordinates, as it is read: half a cell subtracted where aligned
    rows, columns : (start, end) of the bin in index coordinates
    samples : the sample points of the bin, arrays of shape (iy, ix)
    sampling_ratio : points a side of a bin as asked for, (y, x); 0 where adaptive
    aligned, mode : as asked for
    result : the bin's value
    explanation : what the record is from
    """

    index: tuple[int, int, int, int]
    image: int
    box: tuple[float, float, float, float]
    spatial_scale: float
    output_size: tuple[int, int]
    scaled_box: tuple[float, float, float, float]
    rows: tuple[float, float]
    columns: tuple[float, float]
    samples: Sampled
    sampling_ratio: tuple[int, int]
    aligned: bool
    mode: str
    result: float
    explanation: Any = field(repr=False)

    @property
    def sentence(self) -> str:
        k, c, ph, pw = self.index
        count_y, count_x = self.samples.values.shape
        value = f"{mode_name(self.mode)} {words(self.result)} of {count_y}×{count_x} samples"
        if self.samples.values.size <= MOST_SAMPLES_LISTED:
            value += f": {', '.join(words(sample) for sample in self.samples.values.flat)}"
        if self.samples.values.size == 0:
            value = f"an empty box has no samples and is {words(self.result)}"
        place = f"{stretch('y', *self.rows)}, {stretch('x', *self.columns)} in index coordinates"
        return f"bin ({ph}, {pw}) of RoI {k}, channel {c}: {place}; {value}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return _align_steps.steps(self)


@dataclass(frozen=True, eq=False)
class InterpolatedPoint(Derived):
    """One point of one map.

    Attributes
    ----------
    index : the map's and the point's
    samples : the point alone, arrays of shape ()
    result : its value
    explanation : what the record is from
    """

    index: tuple[int, ...]
    samples: Sampled
    result: float
    explanation: Any = field(repr=False)

    @property
    def sentence(self) -> str:
        here = f"({coordinate(float(self.samples.y))}, {coordinate(float(self.samples.x))})"
        if not self.samples.inside:
            return f"point (y, x) = {here} is outside: counts as 0"
        return f"point (y, x) = {here} = {' + '.join(self.samples.terms(()))} = {words(self.result)}"

    @property
    def steps(self) -> tuple[Step, ...]:
        return _align_steps.point_steps(self)


@dataclass(frozen=True)
class CellRange:
    """Bin p of a range of cells: `start` and `end`, half-open."""

    p: int
    start: int
    end: int

    def __str__(self) -> str:
        cells = counted(self.end - self.start, "cell")
        return f"bin {self.p}: [{self.start}, {self.end}), {span('cell', self.start, self.end)} ({cells})"
