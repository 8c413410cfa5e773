"""The explanation of `bilinear_interpolate`: a point, its neighbours, the areas that are their weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._explanation import MapExplanation, Place
from ._numbers import counted
from ._records import InterpolatedPoint, Sampled
from ._scene import BIN_COLOURS, HALF, MOST_POINTS, Box, Ring, Scene, spokes

AXIS_NAMES = {"n": "image", "c": "channel"}


class BilinearExplanation(MapExplanation):
    """How `bilinear_interpolate` came to its output. An index is the map's and the point's: (c, point), say.

    In the picture of one point the rectangle between it and a neighbour has the colour of the neighbour that
    lies diagonally opposite: the rectangle's area is that one's weight.
    """

    operation = "bilinear_interpolate"

    def __init__(self, maps: NDArray[Any], y: NDArray[np.float64], x: NDArray[np.float64]) -> None:
        leading = maps.shape[:-2]
        self.shape = leading + y.shape
        self._place_axes = y.ndim
        maps_axes = ("n", "c")[2 - len(leading) :] if len(leading) <= 2 else _numbered("map", len(leading))
        self._axes = (*maps_axes, *(("point",) if y.ndim == 1 else _numbered("point", y.ndim)))
        self._maps, self._y, self._x = maps, y, x

    def _record(self, index: Place) -> InterpolatedPoint:
        leading = self._maps.ndim - 2
        plane, point = self._maps[index[:leading]], index[leading:]
        samples = Sampled.of(plane, self._y[point], self._x[point])
        result = float(plane.dtype.type(samples.values))
        return InterpolatedPoint(index=index, samples=samples, result=result, explanation=self)

    def _scene(self, lead: Place, place: Place | None, reveals: bool = False) -> Scene:
        places: list[Place] = list(np.ndindex(*self._y.shape)) if self._y.size <= MOST_POINTS else []
        if place is not None and not places:
            places = [place]
        H, W = self._maps.shape[-2:]
        where = [f"{AXIS_NAMES.get(axis, axis)} {i}" for axis, i in zip(self._axes, lead, strict=False)]
        scene = Scene(
            title=" · ".join(where) or f"{H}×{W} map",
            subtitle="bilinear interpolation",
            plane=self._maps[lead],
            points={at: np.array([[self._y[at], self._x[at]]]) + HALF for at in places},
            reads_between_cells=True,
            asked=place,
            legend=(("points", counted(self._y.size, "point")),),
        )
        return scene if place is None else self._with_neighbours(scene, self._record((*lead, *place)).samples)

    def _with_neighbours(self, scene: Scene, samples: Sampled) -> Scene:
        if not samples.inside:
            legend = (*scene.legend, ("outside", "off the map: counts as 0"))
            return replace(scene, legend=legend, spokes=spokes(samples))
        weight = "a neighbour's weight: the area in its colour, diagonally opposite"
        return replace(
            scene,
            legend=(*scene.legend, ("areas", weight)),
            spokes=spokes(samples),
            areas=_opposite_areas(samples),
            rings=tuple(
                Ring(int(row), int(column), colour, radius=1 / 7)
                for (row, column), colour in zip(samples.neighbours, BIN_COLOURS, strict=True)
            ),
        )


def _opposite_areas(samples: Sampled) -> tuple[tuple[Box, str], ...]:
    """The four rectangles around the point, each in the colour of the neighbour on the point's other side."""
    (top, left), _, _, (bottom, right) = samples.neighbours + HALF
    y, x = np.add(samples.clamped(()), HALF)
    lower = [Box(y, x, bottom, right), Box(y, left, bottom, x)]
    upper = [Box(top, x, y, right), Box(top, left, y, x)]
    return tuple(zip(lower + upper, BIN_COLOURS, strict=True))


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}_{i}" for i in range(count))
