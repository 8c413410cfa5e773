"""The checks of what gradients alone have: what comes back from the bins, and the maps that it goes to."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _on_gpu, _validate
from roikit._plain import items, said, shown, whole
from roikit._validate import MOST_BINS, MOST_CELLS, Regions

Shape = tuple[int, int, int, int]


def map_shape(input_shape: object, layout: str) -> Shape:
    """(N, C, H, W), whatever the layout."""
    named = f"({', '.join(layout)})"
    sides = [whole(side) for side in items(input_shape) or ()]
    if len(sides) != 4 or None in sides:
        raise TypeError(f"input_shape must be four whole numbers {named}; got {shown(input_shape)}")
    by_name = dict(zip(layout, sides, strict=True))
    N, C, H, W = (by_name[axis] or 0 for axis in "NCHW")
    if N < 0 or C < 0 or H < 1 or W < 1:
        rule = "at least one row and one column, and no number below 0"
        raise ValueError(f"input_shape must have {rule}; got {shown(input_shape)}")
    if max(N, C, H * W) > MOST_CELLS:
        rule = "at most 2**40 images, channels, and cells a map"
        raise ValueError(f"input_shape must have {rule}; got {shown(input_shape)}")
    return N, C, H, W


def bins(grad: object, layout: str) -> NDArray[Any]:
    """(K, C, PH, PW), whatever the layout; floats in this machine's byte order, strides as they are."""
    array = _arrays.floats("grad", grad)
    if array.ndim != 4:
        named = {"NCHW": "(K, C, PH, PW)", "NHWC": "(K, PH, PW, C)"}[layout]
        raise ValueError(f"grad must have shape {named}; got {said(array.shape)}")
    values = _arrays.channels_first(array, layout)
    PH, PW = values.shape[2:]
    if PH == 0 or PW == 0:
        raise ValueError(f"grad must be at least 1 bin high and wide; got {array.shape}")
    if PH > MOST_BINS or PW > MOST_BINS:
        raise ValueError(f"grad must be at most 2**20 bins high and wide; got {array.shape}")
    return values


def rows_and_channels(grad: NDArray[Any], boxes: Regions, channels: int, holder: str) -> None:
    """Whether grad, (K, C, PH, PW), has a row for each box and the channels of the map."""
    rows(grad, boxes)
    if channels != grad.shape[1]:
        counts = f"it has {grad.shape[1]}, and {holder} has {said(channels)}"
        raise ValueError(f"grad must have the map's channels: {counts}")


def rows(grad: NDArray[Any], boxes: Regions) -> None:
    """Whether grad has a row for each box."""
    K = len(grad)
    if len(boxes.table) != K:
        raise ValueError(f"grad must have one row for each box: it has {K}, and rois has {len(boxes.table)}")


def same_dtype(grad: NDArray[Any], features: NDArray[Any]) -> None:
    """And in one place."""
    if _on_gpu.is_on_gpu(grad) != _on_gpu.is_on_gpu(features):
        hint = "use grad.get() or features.get()"
        raise TypeError(f"grad and features must both be on a GPU, or neither: {hint}")
    if grad.dtype != features.dtype:
        hint = "use grad.astype(features.dtype)"
        raise TypeError(f"grad must be {features.dtype}, as features is; got {grad.dtype}: {hint}")


def pooled_maps(
    features: object, mode: str, grad: NDArray[Any], shape: Shape, layout: str
) -> NDArray[Any] | None:
    """The maps whose maxima the bins are; None of averages, whose gradient does not read them."""
    if features is None:
        if mode == "avg":
            return None
        raise TypeError(f"mode {mode!r} needs features=, the maps that the maxima are from")
    maps = _validate.feature_maps(features, layout)
    same_dtype(grad, maps)
    if maps.shape != shape:
        given, asked = (_arrays.laid_out(each, layout) for each in (maps.shape, shape))
        raise ValueError(f"features must have the shape input_shape, {said(asked)}; got {said(given)}")
    return None if mode == "avg" else maps


def read_by_kernels(grad: NDArray[Any], boxes: Regions, maps: NDArray[Any] | None) -> dict[str, Any]:
    """With what an output may share no memory, by its name; no maps are read of averages."""
    read = {"grad": grad, "rois": boxes.table}
    return read if maps is None else {**read, "features": maps}


def cells(argmax: object, grad: NDArray[Any], layout: str) -> NDArray[Any]:
    """The cell of each bin, (K, C, PH, PW): int32 or int64, -1 for none; see `check_cells`."""
    return _arrays.channels_first(places(argmax, grad, _arrays.laid_out(grad.shape, layout)), layout)


def places(argmax: object, grad: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """An argmax of this shape, which is grad's as the caller writes it; what it holds is not looked at."""
    on_gpu = _on_gpu.is_on_gpu(argmax)
    if on_gpu != _on_gpu.is_on_gpu(grad):
        raise TypeError("argmax and grad must both be on a GPU, or neither: use argmax.get() or grad.get()")
    array: Any = argmax if on_gpu else _arrays.held(_arrays.read("argmax", argmax))
    if array.dtype.kind != "i" or array.dtype.itemsize < 4:
        raise TypeError(f"argmax must be int32 or int64; got {said(array.dtype)}")
    if not on_gpu and not (array.dtype.isnative and array.flags.aligned):
        array = _arrays.copied("argmax", array, array.dtype.newbyteorder("="))
    if array.shape != shape:
        raise ValueError(f"argmax must have grad's shape {said(shape)}; got {said(array.shape)}")
    return array


def check_cells(argmax: NDArray[Any], H: int, W: int) -> None:
    """Kernels leave out any other number, should another thread write one after this; or on a GPU."""
    if argmax.size == 0 or _on_gpu.is_on_gpu(argmax) or (argmax.min() >= -1 and argmax.max() < H * W):
        return
    wrong = np.argwhere((argmax < -1) | (argmax >= H * W))
    for index in wrong[:1].tolist():  # none, where another thread has put it right
        rule = f"a map of {H} × {W} has the cells 0..{H * W - 1}, and -1 is none"
        raise ValueError(f"argmax{index} is {argmax[tuple(index)]}: {rule}")
