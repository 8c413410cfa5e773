"""The explanation of `roi_pool`: quantized box, bins in whole cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.convention import CONVENTIONS, Convention
from roikit.reference.bin_edges import bin_cells
from roikit.reference.quantize_rois import quantize_axis
from roikit.reference.roi_pool import clip_range, pool_bin

from ._explanation import MapExplanation, Place
from ._numbers import counted, mode_name, scaled_box_in_words, span, stretch
from ._records import PoolBin
from ._scene import MANY_BINS, MOST_BINS, Box, Ring, Scene, Window, bin_colour


class RoiPoolExplanation(MapExplanation):
    """How `roi_pool` came to its output."""

    operation = "roi_pool"
    _axes = ("k", "c", "ph", "pw")

    def __init__(
        self,
        features: NDArray[Any],
        rois: NDArray[np.float64],
        bins: tuple[int, int],
        spatial_scale: float,
        convention: Convention,
        mode: str,
    ) -> None:
        self.shape = (len(rois), features.shape[1], *bins)
        self._features, self._rois, self._spatial_scale = features, rois, spatial_scale
        self._convention, self._mode = convention, mode
        # Rows and columns of each RoI: start, end and size in cells.
        self._regions = [
            tuple(quantize_axis(*ends, spatial_scale, convention) for ends in ((y1, y2), (x1, x2)))
            for x1, y1, x2, y2 in rois[:, 1:].tolist()
        ]

    def _bin_ranges(self, k: int, ph: int, pw: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Rows and columns of a bin on the map, half-open."""
        rows, columns = self._regions[k]
        PH, PW = self.shape[2:]
        return bin_cells(ph, rows, PH, self._convention), bin_cells(pw, columns, PW, self._convention)

    def _quantized_box(self, k: int) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2 in cells: ints where the convention rounds."""
        (y1, y2, _), (x1, x2, _) = self._regions[k]
        kind = int if self._convention.whole_cells else float
        return kind(x1), kind(y1), kind(x2), kind(y2)

    def _record(self, index: Place) -> PoolBin:
        k, c, ph, pw = index
        image = int(self._rois[k, 0])
        plane = self._features[image, c]
        rows, columns = self._bin_ranges(k, ph, pw)
        H, W = plane.shape
        rows_on_map, columns_on_map = clip_range(*rows, H), clip_range(*columns, W)
        value, flat = pool_bin(plane, rows, columns, self._convention, self._mode)
        return PoolBin(
            index=(k, c, ph, pw),
            image=image,
            box=tuple(self._rois[k, 1:].tolist()),
            spatial_scale=self._spatial_scale,
            output_size=(self.shape[2], self.shape[3]),
            scaled_box=tuple((self._rois[k, 1:] * self._spatial_scale).tolist()),
            quantized_box=self._quantized_box(k),
            rows=rows,
            columns=columns,
            rows_on_map=rows_on_map,
            columns_on_map=columns_on_map,
            values=np.asarray(plane[slice(*rows_on_map), slice(*columns_on_map)]),
            convention=self._convention,
            mode=self._mode,
            argmax=divmod(flat, W) if flat >= 0 else None,
            result=float(plane.dtype.type(value)),
            explanation=self,
        )

    def _scene(self, lead: Place, place: Place | None, reveals: bool = False) -> Scene:
        k, c = lead
        first = self._record((k, c, *(place or (0, 0))))
        x1, y1, x2, y2 = first.quantized_box
        left, top, right, bottom = first.scaled_box
        PH, PW = self.shape[2:]
        boxes: dict[Place, Box] = {}
        for ph, pw in np.ndindex(PH, PW) if PH * PW <= MOST_BINS else [place] if place else []:
            rows, columns = self._bin_ranges(k, ph, pw)
            boxes[ph, pw] = Box(rows[0], columns[0], rows[1], columns[1])
        ringed = [place] if place else []
        if reveals and len(boxes) <= MANY_BINS:
            ringed = list(boxes)
        rings = tuple(self._rings(lead, ringed))
        outline, region = Box.around((top, bottom), (left, right)), Box.around((y1, y2), (x1, x2))
        box = scaled_box_in_words(first.scaled_box, self._spatial_scale)
        if self._convention.whole_cells:
            cells = f"quantized: {span('column', int(x1), int(x2))}, {span('row', int(y1), int(y2))}"
        else:
            cells = f"region: {stretch('x', x1, x2)}, {stretch('y', y1, y2)}"
        return Scene(
            title=f"RoI {k} · image {first.image} · channel {c}",
            subtitle=f"RoI pooling · {mode_name(self._mode)} · {_name_of(self._convention)}",
            plane=self._features[first.image, c],
            outline=None if outline == region else outline,
            region=region,
            bins=boxes,
            asked=place,
            rings=rings,
            legend=(
                *(
                    [("region", f"{box}: {cells.partition(': ')[2]}")]
                    if outline == region
                    else [("outline", box), ("region", cells)]
                ),
                ("bins", f"{PH}×{PW} bins"),
                *([("ring", "the maximum")] if len(rings) == 1 else []),
                *([("rings", "the maxima")] if len(rings) > 1 else []),
            ),
            notes=tuple(self._notes(k, boxes, self._features.shape[2:])),
        )

    def _rings(self, lead: Place, places: list[Place]) -> Iterator[Ring]:
        """Around the maxima of bins."""
        for place in places:
            argmax = self._record((*lead, *place)).argmax
            if argmax is not None:
                yield Ring(*argmax, bin_colour(place), radius=0.4)

    def _notes(self, k: int, boxes: dict[Place, Box], map_shape: tuple[int, ...]) -> Iterator[str]:
        PH, PW = self.shape[2:]
        dropped = self._dropped(k)
        if dropped:
            yield f"In no bin: {' and '.join(dropped)}."
        if len(boxes) < PH * PW:
            yield f"{PH}×{PW} bins are too many to draw."
            return
        H, W = map_shape
        on_map = Window(range(H), range(W))
        empty = sum(on_map.clip(box).is_empty for box in boxes.values())
        if empty == len(boxes):
            yield "The RoI has no cell on the map."
        elif empty:
            yield f"{empty} of {counted(len(boxes), 'bin')}: no cell on the map."

    def _dropped(self, k: int) -> list[str]:
        """The rows and columns of a region that are in no bin."""
        if not self._convention.whole_cells:
            return []
        _, _, x2, y2 = map(int, self._quantized_box(k))
        PH, PW = self.shape[2:]
        (_, bottom), (_, right) = self._bin_ranges(k, PH - 1, PW - 1)
        return [span("row", bottom, y2)] * (bottom < y2) + [span("column", right, x2)] * (right < x2)


def _name_of(convention: Convention) -> str:
    names = [name for name, known in CONVENTIONS.items() if known == convention]
    return f"{names[0]}: {convention}" if names else str(convention)
