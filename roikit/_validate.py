"""Every check of an argument and every sentence a wrong one gets, before any backend sees it.

A wrong kind is a `TypeError`, a wrong value a `ValueError`. Each function returns the argument in the one
form that kernels take.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _on_gpu
from roikit._plain import items, listed, real, said, shown, text, whole
from roikit.convention import CONVENTIONS, FARTHEST_CELL, POOLING, SAMPLING, Convention

#: Bins a side; with `FARTHEST_CELL` it keeps ``(p + 1) * length`` within 64 bits.
MOST_BINS = 2**20
#: Sample points a side of one bin. A box far larger than any map would otherwise be sampled for ever.
MOST_SAMPLES = 4096
#: Cells of one map. Only a view whose strides read the same memory again and again can have more.
MOST_CELLS = 2**40
#: What a box is given by, after its batch index.
CORNERS = ("x1", "y1", "x2", "y2")
#: Threads of one call.
MOST_THREADS = 1024


def feature_maps(features: object, layout: str = "NCHW") -> NDArray[Any]:
    """(N, C, H, W), whatever the layout; floats in this machine's byte order, strides as they are."""
    array = _arrays.floats("features", features)
    if array.ndim != 4:
        raise ValueError(f"features must have shape ({', '.join(layout)}); got {array.shape}")
    maps = _arrays.channels_first(array, layout)
    _check_map(maps, array.shape)
    return maps


def feature_planes(features: object) -> NDArray[Any]:
    """(..., H, W), as `feature_maps`."""
    array = _arrays.floats("features", features)
    if array.ndim < 2:
        raise ValueError(f"features must have shape (..., H, W); got {array.shape}")
    _check_map(array, array.shape)
    return array


def _check_map(array: NDArray[Any], given: tuple[int, ...]) -> None:
    """`given` is the shape as the caller sees it."""
    H, W = array.shape[-2:]
    if H == 0 or W == 0:
        raise ValueError(f"features must have at least one row and one column; got {given}")
    if H * W > MOST_CELLS:
        raise ValueError(f"features must have at most 2**40 cells a map; got {given}")


class Regions(NamedTuple):
    """Batch index, x1, y1, x2, y2 of each box, (K, 5); and whether they came as one array for each image."""

    table: NDArray[np.float64]
    by_image: bool

    @property
    def on_gpu(self) -> bool:
        """Whether the table is an array of CuPy: what it holds is looked at by the kernels."""
        return _on_gpu.is_on_gpu(self.table)

    def name(self, k: int) -> str:
        """What the caller calls row k."""
        if not self.by_image:
            return f"rois[{k}]"
        b = int(self.table[k, 0])
        return f"rois[{b}][{k - int(np.argmax(self.table[:, 0] == b))}]"


def regions(
    rois: object, images: int | None = None, holder: str = "features", beside: Any = None,
    columns: tuple[str, ...] = CORNERS,
) -> Regions:
    """`images` is N, where the argument that holds (or counts) them is at hand.

    `beside` is the array that is read with them: boxes on a GPU need one that is there, too, and what they
    hold is not looked at. `columns` is what a box is given by.
    """
    on_gpu = _on_gpu.boxes(rois, images, lambda count: _wrong_count(count, images or 0, holder), columns)
    if on_gpu is not None:
        if not _on_gpu.is_on_gpu(beside):
            raise TypeError("rois is on a GPU, and the other arrays are not: use rois.get()")
        return Regions(on_gpu, False)
    boxes = items(rois)
    if boxes and _are_by_image(boxes):
        found = Regions(_boxes_by_image(boxes, images, holder, columns), True)
    else:
        table = _arrays.reals("rois", rois)
        if table.shape == (0,):  # an empty list
            table = table.reshape(0, 1 + len(columns))
        if table.ndim != 2 or table.shape[1] != 1 + len(columns):
            named = f"(K, {1 + len(columns)}): batch index, {', '.join(columns)}"
            raise ValueError(f"rois must have shape {named}; got {table.shape}")
        found = Regions(table, False)
    finite = np.isfinite(found.table)
    if not finite.all():
        k, column = (int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{found.name(k)} holds {found.table[k, column]}: boxes must be finite numbers")
    _check_batch_indices(found.table[:, 0], images, holder)
    return found


def _are_by_image(boxes: list[Any]) -> bool:
    """Whether this is one (L, 4) array for each image; where no image has a box, all may be []."""
    shapes = {_shape(array) for array in boxes}
    return shapes == {(0,)} or any(shape is None or len(shape) == 2 for shape in shapes)


def _shape(boxes: object) -> tuple[int, ...] | None:
    """None for what is no array: it gets its own sentence where it is read."""
    try:
        return _arrays.read("rois", boxes).shape
    except (TypeError, ValueError):
        return None


def _boxes_by_image(
    boxes: Sequence[Any], images: int | None, holder: str, columns: tuple[str, ...]
) -> NDArray[np.float64]:
    """One (L, 4) array for each image becomes one (K, 5) array."""
    if images is not None and len(boxes) != images:
        raise _wrong_count(len(boxes), images, holder)
    tables = []
    for b, values in enumerate(boxes):
        array = _arrays.reals(f"rois[{b}]", values)
        if array.shape == (0,):
            array = array.reshape(0, len(columns))
        if array.ndim != 2 or array.shape[1] != len(columns):
            named = f"(L, {len(columns)}): {', '.join(columns)}"
            raise ValueError(f"rois[{b}] must have shape {named}; got {array.shape}")
        tables.append(np.column_stack([np.full(len(array), b, np.float64), array]))
    return np.concatenate(tables)


def _wrong_count(count: int, images: int, holder: str) -> ValueError:
    return ValueError(
        f"rois is a list of {_counted(count, 'array')}, but {holder} holds "
        f"{_counted(images, 'image')}: give one (L, 4) array for each image"
    )


def _check_batch_indices(indices: NDArray[np.float64], images: int | None, holder: str) -> None:
    integral = indices == np.floor(indices)
    if not integral.all():
        k = int(np.argmin(integral))
        raise ValueError(f"rois[{k}] names batch index {indices[k]}, which is not a whole number")
    known = (indices >= 0) & (indices < (FARTHEST_CELL if images is None else images))
    if known.all():
        return
    k = int(np.argmin(known))
    index = f"{indices[k]:.17g}"
    if images is None:
        raise ValueError(f"rois[{k}] names batch index {index}; batch indices run from 0 to below 2**40")
    raise ValueError(f"rois[{k}] names batch index {index}, but {holder} holds {held_images(images)}")


def held_images(images: int) -> str:
    """"2 images (0..1)": how many, and how they are named."""
    return _counted(images, "image") + {0: "", 1: " (0)"}.get(images, f" (0..{images - 1})")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def within_reach(boxes: Regions, spatial_scale: float, rules: Convention | None = None) -> None:
    """Refuse boxes whose scaled coordinates no integer arithmetic could follow."""
    moved = max(map(abs, rules.added_pixels)) + rules.round_pixels if rules else 0.0
    if not moved * spatial_scale <= FARTHEST_CELL:  # it is moved by so many pixels before it is scaled
        raise ValueError(
            f"spatial_scale {spatial_scale} is too large for a convention that moves an end by {moved:g} px: "
            f"that must be at most 2**40 cells"
        )
    if boxes.on_gpu:
        return
    with np.errstate(all="ignore"):
        near = np.abs(boxes.table[:, 1:] * spatial_scale) <= FARTHEST_CELL
    if not near.all():
        k, column = (int(i) for i in np.argwhere(~near)[0])
        raise ValueError(
            f"{boxes.name(k)} reaches {boxes.table[k, 1 + column]} pixels at spatial_scale "
            f"{spatial_scale}: scaled coordinates must lie within -2**40 .. 2**40 cells"
        )


def scale(spatial_scale: object) -> float:
    try:
        value = real(spatial_scale)
    except OverflowError:
        raise ValueError(
            "spatial_scale must be positive and finite; got a number too large for float64"
        ) from None
    if value is None:
        raise TypeError(f"spatial_scale must be a real number; got {shown(spatial_scale)}")
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"spatial_scale must be positive and finite; got {shown(spatial_scale)}")
    return value


def output_size(value: object) -> tuple[int, int]:
    """(PH, PW)."""
    PH, PW = pair("output_size", value)
    if PH < 1 or PW < 1:
        raise ValueError(f"output_size must be at least 1 bin high and wide; got {shown(value)}")
    if PH > MOST_BINS or PW > MOST_BINS:
        raise ValueError(f"output_size must be at most 2**20 bins high and wide; got {shown(value)}")
    return PH, PW


def sampling_ratio(value: object) -> tuple[int, int]:
    """Sample points of one bin along y and x; 0 stands for adaptive."""
    ratio_y, ratio_x = pair("sampling_ratio", value)
    if max(ratio_y, ratio_x) > MOST_SAMPLES:
        raise ValueError(f"sampling_ratio must be at most {MOST_SAMPLES} points a side; got {shown(value)}")
    return max(ratio_y, 0), max(ratio_x, 0)


def adaptive_samples(
    boxes: Regions, spatial_scale: float, bins: tuple[int, int], ratio: tuple[int, int]
) -> None:
    """Refuse boxes for which adaptive sampling, ceil(size / bins), asks for too many points."""
    if min(ratio) > 0 or boxes.on_gpu:
        return
    with np.errstate(all="ignore"):
        x1, y1, x2, y2 = (boxes.table[:, 1:] * spatial_scale).T
    for axis, side, size in ((0, "high", y2 - y1), (1, "wide", x2 - x1)):
        if ratio[axis] > 0:
            continue
        small = size <= MOST_SAMPLES * bins[axis]
        if not small.all():
            k = int(np.argmin(small))
            over = _counted(bins[axis], "bin")
            raise ValueError(
                f"{boxes.name(k)} is {size[k]:.6g} cells {side}: over {over} that is more than "
                f"{MOST_SAMPLES} sample points a side; give a sampling_ratio, or check the box"
            )


def pair(name: str, value: object) -> tuple[int, int]:
    """An int, or a pair (height, width) of ints, as a pair."""
    sides = items(value)
    height, width = (whole(value),) * 2 if sides is None else map(whole, (*sides, None, None)[:2])
    if height is None or width is None or (sides is not None and len(sides) != 2):
        raise TypeError(f"{name} must be an int or a pair (height, width) of ints; got {shown(value)}")
    return height, width


def whole_number(name: str, value: object, least: int, most: int) -> int:
    number = whole(value)
    if number is None:
        raise TypeError(f"{name} must be a whole number; got {shown(value)}")
    if not least <= number <= most:
        raise ValueError(f"{name} must lie within {least} .. {most}; got {shown(number)}")
    return number


def tolerance(name: str, value: object) -> float:
    try:
        number = real(value)
    except OverflowError:
        number = math.inf
    if number is None:
        raise TypeError(f"{name} must be a real number; got {shown(value)}")
    if not 0 <= number < math.inf:
        raise ValueError(f"{name} must be 0 or more, and finite; got {shown(value)}")
    return number


def flag(name: str, value: object) -> bool:
    if type(value) not in (bool, np.bool_):
        raise TypeError(f"{name} must be True or False; got {shown(value)}")
    return bool(value)


def mode(value: object) -> str:
    return choice("mode", value, "max", "avg")


def sampling_mode(value: object) -> str:
    """Of RoIAlign, which knows two maxima."""
    return choice("mode", value, "avg", "max", "max_corners")


def layout(value: object) -> str:
    return choice("layout", value, "NCHW", "NHWC")


def choice(argument: str, value: object, *choices: str) -> str:
    name = text(value)
    if name not in choices:
        error = TypeError if name is None else ValueError
        named = f"{listed(choices[:-1])} or {choices[-1]!r}"
        raise error(f"{argument} must be {named}; got {shown(value)}")
    return name


def num_threads(value: object) -> int:
    """How many threads may compute; None asks OMP_NUM_THREADS, then the CPUs that this process may use."""
    if value is not None:
        return whole_number("num_threads", value, 1, MOST_THREADS)
    first = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    asked = int(first) if re.fullmatch("[0-9]{1,9}", first) else 0
    return min(asked or _usable_cpus(), MOST_THREADS)


def _usable_cpus() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def convention(value: object, samples: bool = False) -> Convention:
    """A convention of pooling (or of sampling), or the name of one."""
    known = SAMPLING if samples else POOLING
    name = text(value)
    if issubclass(type(value), Convention):  # made anew: a subclass, or a changed field, is checked here
        found = Convention(*(getattr(value, field.name) for field in fields(Convention)))
    elif name is not None and name in CONVENTIONS:
        found = CONVENTIONS[name]
    else:
        error = TypeError if name is None else ValueError
        raise error(f"convention must be a roikit.Convention or one of {listed(known)}; got {shown(value)}")
    if found.samples != samples:
        says = "pool, and this operation samples" if samples else "sample, and this operation pools"
        given = shown(name or str(found))
        raise ValueError(f"convention {given} says how to {says}: use one of {listed(known)}")
    return found


def whole_cells(operation: str, rules: Convention) -> Convention:
    """Refuse a convention that leaves real ends."""
    if not rules.whole_cells:
        raise ValueError(f"convention leaves real ends, and {operation} is about whole cells: {rules}")
    return rules


def coordinates(
    y: object, x: object, beside: Any = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points (y, x) of one common shape; on a GPU, where `beside` has to be, they are not looked at."""
    if _on_gpu.is_on_gpu(y) or _on_gpu.is_on_gpu(x):
        return _on_gpu.coordinates(y, x, beside)
    arrays = []
    for name, values in (("y", y), ("x", x)):
        array = _arrays.reals(name, values)
        finite = np.isfinite(array)
        if not finite.all():
            index = tuple(int(i) for i in np.argwhere(~finite)[0])
            where = f"{name}{list(index)}" if index else name
            raise ValueError(f"{where} is {array[index]}: coordinates must be finite numbers")
        arrays.append(array)
    try:
        points_y, points_x = np.broadcast_arrays(*arrays)
    except (ValueError, RuntimeError):  # RuntimeError of more than 32 axes
        shapes = f"{said(arrays[0].shape)} and {said(arrays[1].shape)}"
        raise ValueError(f"y and x must broadcast to one shape; got {shapes}") from None
    return points_y, points_x
