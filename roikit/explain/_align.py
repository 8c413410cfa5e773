"""The explanation of `roi_align`: bins that are not quantized, and their sample points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.reference.roi_align import bin_points, bin_value, sample_count, scale_axis

from ._explanation import MapExplanation, Place
from ._numbers import mode_name, scaled_box_in_words
from ._records import AlignBin, Sampled
from ._scene import HALF, MOST_BINS, MOST_POINTS, Box, Ring, Scene, bin_colour, spokes


@dataclass(frozen=True)
class _Axis:
    """One axis of a RoI in index coordinates, its bins and their sample points."""

    start: float
    size: float
    bins: int
    ratio: int

    @property
    def count(self) -> int:
        """Sample points of one bin."""
        return sample_count(self.size, self.bins, self.ratio)

    def points(self, p: int) -> NDArray[np.float64]:
        return bin_points(p, self.start, self.size, self.bins, self.count)

    def bin(self, p: int) -> tuple[float, float]:
        return self.start + p * self.size / self.bins, self.start + (p + 1) * self.size / self.bins


class RoiAlignExplanation(MapExplanation):
    """How `roi_align` came to its output.

    In the picture a value stands at the middle of its cell, and the sample point (y, x) in index coordinates
    is drawn at (y + .5, x + .5): between the values that it is interpolated from. With ``aligned=True`` this
    puts the box where it lies on the map. With ``aligned=False`` the box as it is read then lies half a cell
    further right and down than the box on the map (dashed): the misalignment of this reading, and no slip of
    the picture.
    """

    operation = "roi_align"
    _axes = ("k", "c", "ph", "pw")

    def __init__(
        self,
        features: NDArray[Any],
        rois: NDArray[np.float64],
        bins: tuple[int, int],
        spatial_scale: float,
        sampling_ratio: tuple[int, int],
        aligned: bool,
        mode: str,
    ) -> None:
        self.shape = (len(rois), features.shape[1], *bins)
        self._features, self._rois, self._spatial_scale = features, rois, spatial_scale
        self._sampling_ratio, self._aligned, self._mode = sampling_ratio, aligned, mode

    def _axes_of(self, k: int) -> tuple[_Axis, _Axis]:
        """The RoI's two axes, y and x."""
        x1, y1, x2, y2 = self._rois[k, 1:].tolist()
        PH, PW = self.shape[2:]
        ratio_y, ratio_x = self._sampling_ratio
        y = scale_axis(y1, y2, self._spatial_scale, self._aligned)
        x = scale_axis(x1, x2, self._spatial_scale, self._aligned)
        return _Axis(*y, PH, ratio_y), _Axis(*x, PW, ratio_x)

    def _record(self, index: Place) -> AlignBin:
        k, c, ph, pw = index
        image, *box = self._rois[k].tolist()
        plane = self._features[int(image), c]
        y, x = self._axes_of(k)
        samples = Sampled.of(plane, y.points(ph)[:, None], x.points(pw))
        (value,) = bin_value(samples.values[None], self._mode)
        return AlignBin(
            index=(k, c, ph, pw),
            image=int(image),
            box=tuple(box),
            spatial_scale=self._spatial_scale,
            output_size=(self.shape[2], self.shape[3]),
            scaled_box=(x.start, y.start, x.start + x.size, y.start + y.size),
            rows=y.bin(ph),
            columns=x.bin(pw),
            samples=samples,
            sampling_ratio=self._sampling_ratio,
            aligned=self._aligned,
            mode=self._mode,
            result=float(plane.dtype.type(value)),
            explanation=self,
        )

    def _scene(self, lead: Place, place: Place | None, reveals: bool = False) -> Scene:
        k, c = lead
        PH, PW = self.shape[2:]
        y, x = self._axes_of(k)
        left, top, right, bottom = (self._rois[k, 1:] * self._spatial_scale).tolist()
        outline = Box.around((top, bottom), (left, right))
        region = _drawn((y.start, y.start + y.size), (x.start, x.start + x.size))
        places: list[Place] = list(np.ndindex(PH, PW)) if PH * PW <= MOST_BINS else [place] if place else []
        few = PH * y.count * PW * x.count <= MOST_POINTS
        sampled = places if few else [place] if place else []
        points: dict[Place, NDArray[np.float64]] = {
            (ph, pw): _pairs(y.points(ph), x.points(pw)) + HALF for ph, pw in sampled
        }
        asked = None if place is None else self._record((k, c, *place))
        lines = () if asked is None else spokes(asked.samples)
        rings = () if asked is None else tuple(_largest(asked))
        hollow = any(not line.neighbours for line in lines)
        image = int(self._rois[k, 0])
        return Scene(
            title=f"RoI {k} · image {image} · channel {c}",
            subtitle=f"RoIAlign · {mode_name(self._mode)} · aligned={self._aligned}",
            plane=self._features[image, c],
            outline=None if self._aligned else outline,
            region=region,
            bins={(ph, pw): _drawn(y.bin(ph), x.bin(pw)) for ph, pw in places},
            points=points,
            reads_between_cells=True,
            asked=place,
            spokes=lines,
            rings=rings,
            legend=(
                *self._legend((left, top, right, bottom), y.count, x.count),
                *([("outside", "off the map: counts as 0")] if hollow else []),
                *([("ring", "the maximum")] if rings else []),
            ),
            notes=tuple(self._notes(len(points))),
        )

    def _legend(
        self, on_map: tuple[float, float, float, float], count_y: int, count_x: int
    ) -> Iterator[tuple[str, str]]:
        PH, PW = self.shape[2:]
        box = scaled_box_in_words(on_map, self._spatial_scale)
        if self._aligned:
            yield "region", f"{box}, not rounded"
        else:
            yield "outline", box
            yield "region", "the box as aligned=False reads it"
        yield "points", f"{PH}×{PW} bins of {count_y}×{count_x} sample points"

    def _notes(self, drawn: int) -> Iterator[str]:
        PH, PW = self.shape[2:]
        if not self._aligned:
            yield (
                "aligned=False puts a cell's value at the cell's upper left corner. The picture has it in "
                "the middle, so the box as it is read lies half a cell further right and down."
            )
        if drawn < PH * PW:
            yield "There are too many sample points to draw them all."


def _largest(record: AlignBin) -> Iterator[Ring]:
    """Around the sample that is the bin's maximum."""
    samples = record.samples
    if record.mode == "max" and samples.values.size:
        point = np.unravel_index(np.argmax(samples.values), samples.values.shape)
        yield Ring(float(samples.y[point]), float(samples.x[point]), bin_colour(record.index), radius=0.22)


def _drawn(y: tuple[float, float], x: tuple[float, float]) -> Box:
    """A box in index coordinates, in those of the picture."""
    return Box.around((y[0] + HALF, y[1] + HALF), (x[0] + HALF, x[1] + HALF))


def _pairs(y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every y with every x, (points, 2)."""
    return np.stack(np.meshgrid(y, x, indexing="ij"), axis=-1).reshape(-1, 2)
