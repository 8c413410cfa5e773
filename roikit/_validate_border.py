"""The checks of border align and its gradients: channels by side, points of a side, where the maximum was."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _on_gpu, _validate, _validate_gradients
from roikit._plain import said

#: Top, left, bottom, right.
SIDES = 4


def pool_size(value: object) -> int:
    """Steps along one side, which has a point more."""
    return _validate.whole_number("pool_size", value, 1, _validate.MOST_SAMPLES)


def channels(shape: tuple[int, ...], holder: str) -> int:
    """Those of one side, C, of a map (N, 4 C, H, W)."""
    if shape[1] % SIDES:
        rule = "a multiple of 4 channels: those of the top, left, bottom and right sides"
        raise ValueError(f"{holder} must have {rule}; got {said(shape[1])}")
    return shape[1] // SIDES


def laid_out(shape: tuple[int, int, int], layout: str) -> tuple[int, int, int]:
    """The shape (K, C, 4) as the caller writes it."""
    K, C, _ = shape
    return (K, SIDES, C) if layout == "NHWC" else shape


def channels_first(array: NDArray[Any], layout: str) -> NDArray[Any]:
    """An array (K, 4, C) seen as (K, C, 4): the same memory, other strides."""
    return array.transpose(0, 2, 1) if layout == "NHWC" else array


def sides(grad: object, layout: str) -> NDArray[Any]:
    """(K, C, 4), whatever the layout."""
    array = _arrays.floats("grad", grad)
    if array.ndim != 3 or array.shape[1 if layout == "NHWC" else 2] != SIDES:
        named = {"NCHW": "(K, C, 4)", "NHWC": "(K, 4, C)"}[layout]
        raise ValueError(f"grad must have shape {named}; got {said(array.shape)}")
    return channels_first(array, layout)


def rows_and_channels(
    grad: NDArray[Any], boxes: _validate.Regions, shape: tuple[int, ...], holder: str
) -> None:
    """Whether grad, (K, C, 4), has a row for each box and the channels of one side of a map of this shape."""
    _validate_gradients.rows(grad, boxes)
    if channels(shape, holder) != grad.shape[1]:
        rule = "a quarter of the map's channels"
        raise ValueError(f"grad must have {rule}: it has {grad.shape[1]}, and {holder} has {said(shape[1])}")


def points(argmax: object, grad: NDArray[Any], layout: str) -> NDArray[Any]:
    """The point of each maximum, (K, C, 4): int32 or int64; see `check_points`."""
    K, C, _ = grad.shape
    shape = laid_out((K, C, SIDES), layout)
    return channels_first(_validate_gradients.places(argmax, grad, shape), layout)


def check_points(argmax: NDArray[Any], steps: int) -> None:
    """Kernels leave out any other number, should another thread write one after this; or on a GPU."""
    if argmax.size == 0 or _on_gpu.is_on_gpu(argmax) or (argmax.min() >= 0 and argmax.max() <= steps):
        return
    wrong = np.argwhere((argmax < 0) | (argmax > steps))
    for index in wrong[:1].tolist():  # none, where another thread has put it right
        rule = f"a side of pool_size {steps} has the points 0..{steps}"
        raise ValueError(f"argmax{index} is {argmax[tuple(index)]}: {rule}")
