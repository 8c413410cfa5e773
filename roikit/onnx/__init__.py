"""What ONNX's RoiAlign and MaxRoiPool compute, by ONNX's own names and defaults; and models that hold them.

`roi_align` and `max_roi_pool` take the operators' inputs and attributes, and the opset that these are of.
`RoiAlign` and `MaxRoiPool` are the same as classes for ONNX's own evaluator, which has no MaxRoiPool::

    onnx.reference.ReferenceEvaluator(model, new_ops=[roikit.onnx.RoiAlign, roikit.onnx.MaxRoiPool])

The functions need NumPy alone; the two classes, made when they are first asked for, the package onnx.

>>> import numpy as np
>>> from roikit import onnx
>>> X, box = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4), np.array([[0, 0, 1, 1]], np.float32)
>>> onnx.roi_align(X, box, np.array([0]), opset=10, sampling_ratio=1)  # at (0.5, 0.5)
array([[[[2.5]]]], dtype=float32)
>>> onnx.roi_align(X, box, np.array([0]), sampling_ratio=1)  # from opset 16 on half a cell is subtracted
array([[[[0.]]]], dtype=float32)
>>> onnx.roi_align(X, box, np.array([0]), opset=10, sampling_ratio=1, mode="max")  # of 0, 1, 4, 5 times 0.25
array([[[[1.25]]]], dtype=float32)
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate
from roikit._plain import items, said, shown
from roikit.ops.roi_align import roi_align as _roi_align
from roikit.ops.roi_pool import roi_pool as _roi_pool
from roikit.presets import PRESETS

__all__ = ["MaxRoiPool", "RoiAlign", "max_roi_pool", "roi_align"]  # the classes: see __getattr__


def __getattr__(name: str) -> Any:
    if name in ("MaxRoiPool", "RoiAlign"):
        return getattr(import_module("roikit.onnx._evaluator"), name)
    raise AttributeError(f"module 'roikit.onnx' has no attribute {name!r}")


def roi_align(
    X: ArrayLike,
    rois: ArrayLike,
    batch_indices: ArrayLike,
    *,
    opset: int = 22,
    mode: str = "avg",
    output_height: int = 1,
    output_width: int = 1,
    sampling_ratio: int = 0,
    spatial_scale: float = 1.0,
    coordinate_transformation_mode: str | None = None,
) -> NDArray[Any]:
    """ONNX's RoiAlign.

    Parameters
    ----------
    X : (N, C, H, W) array, float16, float32 or float64; from opset 22 on also bfloat16
    rois : (K, 4) array of X's dtype
        x1, y1, x2, y2 in image pixels.
    batch_indices : (K,) array of int64
        The image of each box.
    opset : int, default 22
        The model's; what counts is the operator's version: 10, 16 or 22.
    mode : {"avg", "max"}, default "avg"
        "max" is `roikit.roi_align`'s "max_corners".
    output_height, output_width : int, default 1
    sampling_ratio : int, default 0
        Sample points a side of one bin; 0 is adaptive.
    spatial_scale : float, default 1.0
    coordinate_transformation_mode : {"half_pixel", "output_half_pixel"}, optional
        Before opset 16 there is none, and it is "output_half_pixel"; from there on the default is
        "half_pixel".

    Returns
    -------
    (K, C, output_height, output_width) array of X's dtype

    Raises
    ------
    TypeError, ValueError
        An input or attribute that the operator of this opset does not take; else as `roikit.roi_align`.
    """
    version = _version("RoiAlign", opset, (10, 16, 22))
    maps = _tensor("X", X, "(N, C, H, W)", _floats(version), version)
    boxes = _tensor("rois", rois, "(K, 4): x1, y1, x2, y2", (maps.dtype.name,), version)
    batch = _tensor("batch_indices", batch_indices, "(K,)", ("int64",), version)
    if len(batch) != len(boxes):
        raise ValueError(f"batch_indices must name an image for each box: got {len(batch)}, for {len(boxes)}")
    _check_images("batch_indices[{k}]", batch, len(maps))
    height = _validate.whole_number("output_height", output_height, 1, _validate.MOST_BINS)
    width = _validate.whole_number("output_width", output_width, 1, _validate.MOST_BINS)
    ratio = _validate.whole_number("sampling_ratio", sampling_ratio, 0, _validate.MOST_SAMPLES)
    half = _is_half_pixel(coordinate_transformation_mode, version)
    peer = ("onnx16" if half else "onnx10") + ("_max" if _mode(mode) == "max" else "")
    table = np.column_stack([batch, boxes.astype(np.float64)])
    return _roi_align(maps, table, (height, width), spatial_scale, ratio, **PRESETS["roi_align"][peer])


def max_roi_pool(
    X: ArrayLike,
    rois: ArrayLike,
    *,
    pooled_shape: Sequence[int],
    spatial_scale: float = 1.0,
    opset: int = 22,
) -> NDArray[Any]:
    """ONNX's MaxRoiPool: Caffe's quantized pooling.

    Parameters
    ----------
    X : (N, C, H, W) array, float16, float32 or float64; from opset 22 on also bfloat16
    rois : (K, 5) array of X's dtype
        Batch index, x1, y1, x2, y2 in image pixels.
    pooled_shape : (height, width)
    spatial_scale : float, default 1.0
    opset : int, default 22
        The model's; the operator's versions are 1 and 22.

    Returns
    -------
    (K, C, height, width) array of X's dtype

    Raises
    ------
    TypeError, ValueError
        An input or attribute that the operator of this opset does not take; else as `roikit.roi_pool`.
    """
    version = _version("MaxRoiPool", opset, (1, 22))
    maps = _tensor("X", X, "(N, C, H, W)", _floats(version), version)
    table = _tensor("rois", rois, "(K, 5): batch index, x1, y1, x2, y2", (maps.dtype.name,), version)
    sides = items(pooled_shape) or []
    if len(sides) != 2:
        raise TypeError(f"pooled_shape must be two whole numbers, (height, width); got {shown(pooled_shape)}")
    height, width = (
        _validate.whole_number(f"pooled_shape[{i}]", side, 1, _validate.MOST_BINS)
        for i, side in enumerate(sides)
    )
    return _roi_pool(maps, table.astype(np.float64), (height, width), spatial_scale, convention="caffe")


def _version(operator: str, opset: object, versions: tuple[int, ...]) -> int:
    """The operator's version in a model of this opset."""
    number = _validate.whole_number("opset", opset, 1, 2**31)
    known = [version for version in versions if version <= number]
    if not known:
        raise ValueError(f"{operator} came with opset {versions[0]}; got opset {number}")
    return known[-1]


def _floats(version: int) -> tuple[str, ...]:
    return ("float16", "float32", "float64", *(["bfloat16"] if version >= 22 else []))


def _tensor(name: str, values: object, shape: str, dtypes: tuple[str, ...], version: int) -> NDArray[Any]:
    """An input as the operator's schema has it."""
    array = _arrays.read(name, values)
    if array.dtype.name not in dtypes:
        names = " or ".join(filter(None, [", ".join(dtypes[:-1]), dtypes[-1]]))
        raise TypeError(f"{name} must be {names} in version {version}; got {said(array.dtype)}")
    axes = shape[1 : shape.index(")")].rstrip(",").split(", ")
    fixed = [(side, int(axis)) for side, axis in zip(array.shape, axes, strict=False) if axis.isdigit()]
    if array.ndim != len(axes) or any(side != axis for side, axis in fixed):
        raise ValueError(f"{name} must have shape {shape}; got {said(array.shape)}")
    return array


def _check_images(name: str, batch: NDArray[Any], images: int) -> None:
    known = (batch >= 0) & (batch < images)
    if not known.all():
        k = int(np.argmin(known))
        raise ValueError(f"{name.format(k=k)} is {batch[k]}, but X holds {_validate.held_images(images)}")


def _mode(value: object) -> str:
    return _validate.choice("mode", value, "avg", "max")


def _is_half_pixel(value: object, version: int) -> bool:
    name = "coordinate_transformation_mode"
    if value is None:
        return version >= 16
    if version < 16:
        raise ValueError(f"{name} came with opset 16; got {shown(value)} in version {version}")
    return _validate.choice(name, value, "half_pixel", "output_half_pixel") == "half_pixel"
