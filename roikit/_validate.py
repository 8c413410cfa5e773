"""Every check of an argument and every sentence a wrong one gets, before any backend sees it.

A wrong kind is a `TypeError`, a wrong value a `ValueError`. Each function returns the argument in the one
form that kernels take.
"""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from roikit.convention import CONVENTIONS, FARTHEST_CELL, Convention

#: Bins a side; with `FARTHEST_CELL` it keeps ``(p + 1) * length`` within 64 bits.
MOST_BINS = 2**20
#: Sample points a side of one bin. A box far larger than any map would otherwise be sampled for ever.
MOST_SAMPLES = 4096


def feature_maps(features: object) -> NDArray[Any]:
    """(N, C, H, W), float32 or float64 in this machine's byte order; strides are left as they are."""
    array = _float_array(features)
    if array.ndim != 4:
        raise ValueError(f"features must have shape (N, C, H, W); got {array.shape}")
    _refuse_empty_map(array)
    return array


def feature_planes(features: object) -> NDArray[Any]:
    """(..., H, W), as `feature_maps`."""
    array = _float_array(features)
    if array.ndim < 2:
        raise ValueError(f"features must have shape (..., H, W); got {array.shape}")
    _refuse_empty_map(array)
    return array


def _float_array(features: object) -> NDArray[Any]:
    array = np.asarray(features)
    if array.dtype.kind != "f" or array.dtype.itemsize not in (4, 8):
        hint = ": use features.astype(np.float64)" if array.dtype.kind in "biuf" else ""
        raise TypeError(f"features must be float32 or float64; got {array.dtype}{hint}")
    return np.require(array, array.dtype.newbyteorder("="), ["ALIGNED"])


def _refuse_empty_map(array: NDArray[Any]) -> None:
    if 0 in array.shape[-2:]:
        raise ValueError(f"features must have at least one row and one column; got {array.shape}")


def region_table(rois: object, images: int | None = None) -> NDArray[np.float64]:
    """(K, 5) float64: batch index, x1, y1, x2, y2. `images` is N, where features are at hand."""
    if _is_list_of_boxes(rois):
        table = _boxes_by_image(rois, images)
    else:
        table = _real_array("rois", rois)
        if table.shape == (0,):  # an empty list
            table = table.reshape(0, 5)
        if table.ndim != 2 or table.shape[1] != 5:
            raise ValueError(f"rois must have shape (K, 5): batch index, x1, y1, x2, y2; got {table.shape}")
    finite = np.isfinite(table)
    if not finite.all():
        k, column = (int(i) for i in np.argwhere(~finite)[0])
        name = _box_name(rois, table, k)
        raise ValueError(f"{name} holds {table[k, column]}: boxes must be finite numbers")
    _check_batch_indices(table[:, 0], images)
    return table


def _is_list_of_boxes(rois: object) -> TypeGuard[Sequence[Any]]:
    """Whether rois is one (L, 4) array for each image; where no image has a box, all may be []."""
    if not isinstance(rois, (list, tuple)) or not rois:
        return False
    return any(_is_table(boxes) for boxes in rois) or all(np.shape(boxes) == (0,) for boxes in rois)


def _is_table(boxes: object) -> bool:
    try:
        return np.ndim(boxes) == 2  # type: ignore[arg-type]
    except ValueError:  # rows of different lengths: still meant as one
        return True


def _boxes_by_image(rois: Sequence[Any], images: int | None) -> NDArray[np.float64]:
    """One (L, 4) array for each image becomes one (K, 5) array."""
    if images is not None and len(rois) != images:
        raise ValueError(
            f"rois is a list of {_counted(len(rois), 'array')}, but features holds "
            f"{_counted(images, 'image')}: give one (L, 4) array for each image"
        )
    tables = []
    for b, boxes in enumerate(rois):
        array = _real_array(f"rois[{b}]", boxes)
        if array.shape == (0,):
            array = array.reshape(0, 4)
        if array.ndim != 2 or array.shape[1] != 4:
            raise ValueError(f"rois[{b}] must have shape (L, 4): x1, y1, x2, y2; got {array.shape}")
        tables.append(np.column_stack([np.full(len(array), b, np.float64), array]))
    return np.concatenate(tables)


def _box_name(rois: object, table: NDArray[np.float64], k: int) -> str:
    """What the caller calls row k of the table made of `rois`."""
    if not _is_list_of_boxes(rois):
        return f"rois[{k}]"
    b = int(table[k, 0])
    return f"rois[{b}][{k - int(np.argmax(table[:, 0] == b))}]"


def _real_array(name: str, values: object) -> NDArray[np.float64]:
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        raise ValueError(f"{name} must be rows of equal length") from None
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must hold real numbers; got {array.dtype}")
    with np.errstate(over="ignore"):  # a long double beyond float64 becomes infinite, and is refused as that
        return array.astype(np.float64)


def _check_batch_indices(indices: NDArray[np.float64], images: int | None) -> None:
    whole = indices == np.floor(indices)
    if not whole.all():
        k = int(np.argmin(whole))
        raise ValueError(f"rois[{k}] names batch index {indices[k]}, which is not a whole number")
    known = (indices >= 0) & (indices < (FARTHEST_CELL if images is None else images))
    if known.all():
        return
    k = int(np.argmin(known))
    index = int(indices[k])
    if images is None:
        raise ValueError(f"rois[{k}] names batch index {index}; batch indices run from 0 to below 2**40")
    valid = {0: "", 1: " (0)"}.get(images, f" (0..{images - 1})")
    held = _counted(images, "image") + valid
    raise ValueError(f"rois[{k}] names batch index {index}, but features holds {held}")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def within_reach(rois: object, table: NDArray[np.float64], spatial_scale: float) -> None:
    """Refuse boxes whose scaled coordinates no integer arithmetic could follow; `table` is made of `rois`."""
    with np.errstate(over="ignore"):
        scaled = np.abs(table[:, 1:] * spatial_scale)
    near = scaled <= FARTHEST_CELL
    if not near.all():
        k, column = (int(i) for i in np.argwhere(~near)[0])
        raise ValueError(
            f"{_box_name(rois, table, k)} reaches {table[k, 1 + column]} pixels at spatial_scale "
            f"{spatial_scale}: scaled coordinates must lie within -2**40 .. 2**40 cells"
        )


def scale(spatial_scale: object) -> float:
    if isinstance(spatial_scale, (bool, np.bool_)) or not isinstance(spatial_scale, numbers.Real):
        raise TypeError(f"spatial_scale must be a real number; got {spatial_scale!r}")
    try:
        value = float(spatial_scale)
    except OverflowError:
        raise ValueError(
            "spatial_scale must be positive and finite; got a number too large for float64"
        ) from None
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"spatial_scale must be positive and finite; got {spatial_scale!r}")
    return value


def output_size(value: object) -> tuple[int, int]:
    """(PH, PW)."""
    PH, PW = _pair("output_size", value)
    if PH < 1 or PW < 1:
        raise ValueError(f"output_size must be at least 1 bin high and wide; got {value!r}")
    if PH > MOST_BINS or PW > MOST_BINS:
        raise ValueError(f"output_size must be at most 2**20 bins high and wide; got {value!r}")
    return PH, PW


def sampling_ratio(value: object) -> tuple[int, int]:
    """Sample points of one bin along y and x; 0 stands for adaptive."""
    ratio_y, ratio_x = _pair("sampling_ratio", value)
    if max(ratio_y, ratio_x) > MOST_SAMPLES:
        raise ValueError(f"sampling_ratio must be at most {MOST_SAMPLES} points a side; got {value!r}")
    return max(ratio_y, 0), max(ratio_x, 0)


def adaptive_samples(
    rois: object,
    table: NDArray[np.float64],
    spatial_scale: float,
    bins: tuple[int, int],
    ratio: tuple[int, int],
) -> None:
    """Refuse boxes for which adaptive sampling, ceil(size / bins), asks for too many points."""
    scaled = table * spatial_scale
    for axis, side, start in ((0, "high", 2), (1, "wide", 1)):
        if ratio[axis] > 0:
            continue
        size = scaled[:, start + 2] - scaled[:, start]
        small = size <= MOST_SAMPLES * bins[axis]
        if not small.all():
            k = int(np.argmin(small))
            over = _counted(bins[axis], "bin")
            raise ValueError(
                f"{_box_name(rois, table, k)} is {size[k]:.6g} cells {side}: over {over} that is more than "
                f"{MOST_SAMPLES} sample points a side; give a sampling_ratio, or check the box"
            )


def _pair(name: str, value: object) -> tuple[int, int]:
    """An int, or a pair (height, width) of ints, as a pair."""
    sides = value if isinstance(value, (tuple, list)) else (value, value)
    if len(sides) != 2 or any(isinstance(side, (bool, np.bool_)) for side in sides):
        raise TypeError(f"{name} must be an int or a pair (height, width) of ints; got {value!r}")
    try:
        height, width = (operator.index(side) for side in sides)
    except TypeError:
        raise TypeError(f"{name} must be an int or a pair (height, width) of ints; got {value!r}") from None
    return height, width


def whole_number(name: str, value: object, least: int, most: int) -> int:
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a whole number; got {value!r}")
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} must be a whole number; got {value!r}") from None
    if not least <= number <= most:
        raise ValueError(f"{name} must lie within {least} .. {most}; got {number}")
    return number


def flag(name: str, value: object) -> bool:
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r}")
    return bool(value)


def mode(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"mode must be 'max' or 'avg'; got {value!r}")
    if value not in ("max", "avg"):
        raise ValueError(f"mode must be 'max' or 'avg'; got {value!r}")
    return value


def convention(value: object) -> Convention:
    """A convention, or the name of one."""
    if isinstance(value, Convention):
        return value
    names = ", ".join(repr(name) for name in CONVENTIONS)
    if not isinstance(value, str):
        raise TypeError(f"convention must be a roikit.Convention or one of {names}; got {value!r}")
    if value not in CONVENTIONS:
        raise ValueError(f"convention must be a roikit.Convention or one of {names}; got {value!r}")
    return CONVENTIONS[value]


def coordinates(y: object, x: object) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points (y, x) of one common shape."""
    arrays = []
    for name, values in (("y", y), ("x", x)):
        array = _real_array(name, values)
        finite = np.isfinite(array)
        if not finite.all():
            index = tuple(int(i) for i in np.argwhere(~finite)[0])
            where = f"{name}{list(index)}" if index else name
            raise ValueError(f"{where} is {array[index]}: coordinates must be finite numbers")
        arrays.append(array)
    try:
        points_y, points_x = np.broadcast_arrays(*arrays)
    except ValueError:
        shapes = f"{arrays[0].shape} and {arrays[1].shape}"
        raise ValueError(f"y and x must broadcast to one shape; got {shapes}") from None
    return points_y, points_x
