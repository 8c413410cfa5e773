"""What a picture shows, apart from how it is drawn: boxes, points and words in picture coordinates.

In a picture the cell (row y, column x) covers [x, x+1) × [y, y+1). A value stands at the middle of its cell,
so the index coordinates (y, x) of bilinear interpolation are drawn at (y + .5, x + .5).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from roikit import _svg

from ._records import Sampled

NUMBERED = 14  # this many cells a side are drawn with their numbers
LARGEST = 32  # and this many at all; larger maps are cropped
PADDING = 3  # cells shown beyond the map's border, at most
SMALLEST = 8  # a cropped map shows at least so many cells a side
MOST_BINS, MOST_POINTS = 400, 1500  # of more than these only the asked bin's are drawn
MANY_BINS = 49  # of more than these not every maximum is marked, and the others fade

HALF = 0.5  # from index coordinates to picture coordinates


@dataclass(frozen=True)
class Box:
    """Edges in picture coordinates; `bottom` and `right` are exclusive."""

    top: float
    left: float
    bottom: float
    right: float

    @classmethod
    def around(cls, y: tuple[float, float], x: tuple[float, float]) -> Box:
        """The box between two ends on each axis, in whichever order they come."""
        return cls(min(y), min(x), max(y), max(x))

    @property
    def is_empty(self) -> bool:
        return self.bottom <= self.top or self.right <= self.left


@dataclass(frozen=True)
class Spokes:
    """A sample point (y, x) and its neighbours' middles; it has none where it is outside and counts as 0."""

    point: tuple[float, float]
    neighbours: tuple[tuple[float, float], ...]


def spokes(samples: Sampled) -> tuple[Spokes, ...]:
    """From each sample point to its neighbours, in picture coordinates."""
    if samples.values.size > MOST_POINTS:
        return ()
    return tuple(
        Spokes(
            (float(samples.y[point]) + HALF, float(samples.x[point]) + HALF),
            tuple((row + HALF, column + HALF) for row, column in sorted({*map(tuple, neighbours.tolist())}))
            if samples.inside[point]
            else (),
        )
        for point in np.ndindex(*samples.values.shape)
        for neighbours in [samples.neighbours[point]]
    )


@dataclass(frozen=True)
class Ring:
    """A ring around the index coordinates (y, x), in cells."""

    y: float
    x: float
    colour: str
    radius: float


@dataclass(frozen=True)
class Scene:
    """One RoI on one channel of one image.

    `bins` and `points` are keyed by the place in the output, `asked` is one of these places. `spokes` and
    `areas` belong to the asked place. `legend` is pairs of (kind of mark, words). Where values are read
    between the cells, the middles of the cells are marked.
    """

    title: str
    subtitle: str
    plane: np.ndarray
    legend: tuple[tuple[str, str], ...]
    outline: Box | None = None
    region: Box | None = None
    bins: Mapping[tuple[int, ...], Box] = field(default_factory=dict)
    points: Mapping[tuple[int, ...], np.ndarray] = field(default_factory=dict)
    reads_between_cells: bool = False
    asked: tuple[int, ...] | None = None
    spokes: tuple[Spokes, ...] = ()
    rings: tuple[Ring, ...] = ()
    areas: tuple[tuple[Box, str], ...] = ()
    notes: tuple[str, ...] = ()

    def in_view(self) -> Box:
        """The smallest box around everything that is drawn over the map."""
        boxes = [box for box in (self.outline, self.region, *self.bins.values()) if box is not None]
        ends = [(box.top, box.left, box.bottom, box.right) for box in boxes]
        ends += [(y, x, y, x) for points in self.points.values() for y, x in points]
        top, left, bottom, right = np.array(ends or [(0, 0, *self.plane.shape)], dtype=float).T
        return Box(float(top.min()), float(left.min()), float(bottom.max()), float(right.max()))

    def focus(self) -> Box:
        """What stays in view when not everything does: the asked place, else the region's first corner."""
        if self.asked is not None and self.asked in self.bins:
            return self.bins[self.asked]
        if self.asked is not None and self.asked in self.points:
            (y, x), *_ = self.points[self.asked]
            return Box(y, x, y, x)
        everything = self.in_view()
        return Box(everything.top, everything.left, everything.top, everything.left)


BIN_COLOURS = (_svg.BLUE, _svg.ORANGE, _svg.GREEN, _svg.PURPLE)


def bin_colour(place: tuple[int, ...]) -> str:
    """Four colours, such that no two bins that touch share one."""
    *_, ph, pw = (0, 0, *place)
    return BIN_COLOURS[ph % 2 * 2 + pw % 2]


@dataclass(frozen=True)
class Window:
    """The rows and columns of the map that a picture shows; both may reach past the map's border."""

    rows: range
    columns: range

    @classmethod
    def of(cls, scene: Scene) -> Window:
        height, width = scene.plane.shape
        view, focus = scene.in_view(), scene.focus()
        asks = scene.asked is not None
        return cls(
            _visible(height, (view.top, view.bottom), (focus.top, focus.bottom), asks),
            _visible(width, (view.left, view.right), (focus.left, focus.right), asks),
        )

    def is_whole(self, shape: tuple[int, ...]) -> bool:
        """Whether a map of that shape is in view from border to border."""
        H, W = shape
        return self.clip(Box(0, 0, H, W)) == Box(0, 0, H, W)

    @property
    def side(self) -> int:
        return max(len(self.rows), len(self.columns))

    def clip(self, box: Box) -> Box:
        """The part of a box that is in view (empty when none is)."""
        return Box(
            max(box.top, self.rows.start),
            max(box.left, self.columns.start),
            min(box.bottom, self.rows.stop),
            min(box.right, self.columns.stop),
        )

    def shows(self, y: float, x: float) -> bool:
        return self.rows.start <= y <= self.rows.stop and self.columns.start <= x <= self.columns.stop


def _visible(size: int, view: tuple[float, float], focus: tuple[float, float], asks: bool) -> range:
    """Rows (or columns) to show of a map that has `size`: all of `view`, or at least some of `focus`."""
    start = min(max(math.floor(view[0]), -PADDING), size)
    stop = max(min(math.ceil(view[1]), size + PADDING), 0)
    lowest, highest = min(start, 0), max(stop, size)
    most = NUMBERED if asks and focus[1] - focus[0] <= NUMBERED - 2 else LARGEST
    if size <= NUMBERED or (size <= most and stop - start > NUMBERED):
        return range(lowest, highest)
    start, stop = start - 2, stop + 2
    if stop - start > most:
        start = math.floor(focus[0] / 2 + (focus[1] - most) / 2 if asks else focus[0] - 2)
        stop = start + most
    length = max(stop - start, SMALLEST)
    start = min(max((start + stop - length) // 2, lowest), highest - length)
    return range(max(start, lowest), min(start + length, highest))
