"""The checks that deformable pooling alone needs: its offsets, and what they are multiplied by."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _on_gpu, _validate, _validate_gradients
from roikit._plain import real, said, shown


def gamma(value: object) -> float:
    try:
        number = real(value)
    except OverflowError:
        number = math.inf
    if number is None:
        raise TypeError(f"gamma must be a real number; got {shown(value)}")
    if not math.isfinite(number):
        raise ValueError(f"gamma must be finite; got {shown(value)}")
    return number


def offsets(offset: object, boxes: int, bins: tuple[int, int], beside: Any) -> Any:
    """(K, 2, PH, PW) float64 without gaps, zeros for None; on a GPU, if `beside` is, not looked at."""
    shape = (boxes, 2, *bins)
    on_gpu = _on_gpu.is_on_gpu(beside)
    if offset is None:
        return _zeros_beside(beside, shape) if on_gpu else _zeros(shape)
    if _on_gpu.is_on_gpu(offset):
        if not on_gpu:
            raise TypeError("offset is on a GPU, and the other arrays are not: use offset.get()")
        return _offsets_on_gpu(offset, shape)
    array = _arrays.reals("offset", offset)
    _check_shape(array, shape)
    finite = np.isfinite(array)
    if not finite.all():
        place = [int(i) for i in np.argwhere(~finite)[0]]
        raise ValueError(f"offset{place} is {array[tuple(place)]}: offsets must be finite numbers")
    return np.ascontiguousarray(array)


def _check_shape(array: Any, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        rule = f"(K, 2, PH, PW), here {said(shape)}: along x and along y for each bin of each box"
        raise ValueError(f"offset must have shape {rule}; got {said(array.shape)}")


def _zeros(shape: tuple[int, ...]) -> Any:
    _arrays.refuse_large("the offsets", shape, np.float64)
    return np.zeros(shape)


def _zeros_beside(beside: Any, shape: tuple[int, ...]) -> Any:
    cupy: Any = sys.modules["cupy"]
    with beside.device:
        return cupy.zeros(shape, np.float64)


def _offsets_on_gpu(offset: Any, shape: tuple[int, ...]) -> Any:
    if offset.dtype.kind not in "iuf" and offset.dtype.name != "bfloat16":
        raise TypeError(f"offset must hold real numbers; got {said(offset.dtype)}")
    _check_shape(offset, shape)
    cupy: Any = sys.modules["cupy"]
    with offset.device:
        return cupy.ascontiguousarray(offset, np.float64)


def gradient(
    grad: object, features: object, rois: object, offset: object,
    spatial_scale: object, sampling_ratio: object, strength: object, layout: object,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64], Any, tuple[Any, ...]]:
    """What the gradients by boxes and by offsets take: grad, the map, the boxes, the offsets, the numbers."""
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    _validate_gradients.rows_and_channels(values, boxes, maps.shape[1], "features")
    shifts = offsets(offset, len(boxes.table), values.shape[2:], maps)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    numbers = (factor, ratio, gamma(strength))
    _validate.within_reach(boxes, factor)
    _validate.adaptive_samples(boxes, factor, values.shape[2:], ratio)
    return values, maps, boxes.table, shifts, numbers
