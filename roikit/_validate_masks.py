"""The checks of what masks, the boxes that they belong to, and their labels have."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays, _on_gpu, _validate
from roikit._plain import items, said, shown, whole

#: Pixels of an image, or cells of a mask, a side.
MOST_SIDE = 2**20
MOST_PADDING = 1024
MOST_CLASSES = 2**31 - 1
#: How far from the image's origin a box may lie, in pixels.
FARTHEST_PIXEL = 2**40


def planes(name: str, values: object, axes: tuple[str, ...]) -> NDArray[Any]:
    """One mask (or image) for each RoI, (K, ..., h, w); floats in this machine's byte order."""
    array = _arrays.floats(name, values)
    if array.ndim != len(axes):
        raise ValueError(f"{name} must have shape ({', '.join(axes)}); got {said(array.shape)}")
    height, width = array.shape[-2:]
    if not (1 <= height <= MOST_SIDE and 1 <= width <= MOST_SIDE):
        raise ValueError(f"{name} must be 1 .. 2**20 high and wide; got {said(array.shape)}")
    return array


def size(name: str, value: object) -> tuple[int, int]:
    """(height, width)."""
    sides = [whole(side) for side in items(value) or ()]
    if len(sides) != 2 or None in sides:
        raise TypeError(f"{name} must be two whole numbers (height, width); got {shown(value)}")
    height, width = (side or 0 for side in sides)
    if not (1 <= height <= MOST_SIDE and 1 <= width <= MOST_SIDE):
        raise ValueError(f"{name} must be 1 .. 2**20 high and wide; got {shown(value)}")
    return height, width


def boxes(given: object, beside: NDArray[Any], name: str) -> NDArray[np.float64]:
    """x1, y1, x2, y2 of each, (K, 4), as many as `beside`, the argument `name`, has rows."""
    table = _on_its_device("boxes", given, beside, name, "f")
    if table is None:
        table = _arrays.reals("boxes", given)
        table = table.reshape(0, 4) if table.shape == (0,) else table
    if table.ndim != 2 or table.shape[1] != 4:
        raise ValueError(f"boxes must have shape (K, 4): x1, y1, x2, y2; got {said(table.shape)}")
    if len(table) != len(beside):
        raise ValueError(f"boxes must have one row for each of {name}, here {len(beside)}; got {len(table)}")
    if not _on_gpu.is_on_gpu(table):  # there kernels look at them
        _check_boxes(table)
    return table


def _check_boxes(table: NDArray[np.float64]) -> None:
    for index in np.argwhere(~(np.abs(table) <= FARTHEST_PIXEL))[:1].tolist():
        rule = "boxes must be finite, and lie within -2**40 .. 2**40 pixels"
        raise ValueError(f"boxes{index} is {table[tuple(index)]}: {rule}")


def labels(given: object, beside: NDArray[Any], classes: int, name: str) -> NDArray[np.int64]:
    """The class of each RoI, (K,), as many as `beside`, the argument `name`, has rows."""
    table = _on_its_device("labels", given, beside, name, "i")
    if table is None:
        table = _arrays.reals("labels", given)
    if table.shape != (len(beside),):
        rule = f"shape (K,), one class for each of {name}, here {len(beside)}"
        raise ValueError(f"labels must have {rule}; got {said(table.shape)}")
    return table if _on_gpu.is_on_gpu(table) else _known_labels(table, classes)


def _known_labels(numbers: NDArray[np.float64], classes: int) -> NDArray[np.int64]:
    known = (numbers == np.floor(numbers)) & (numbers >= 0) & (numbers < classes)
    for index in np.argwhere(~known)[:1].tolist():
        rule = f"labels must be whole numbers from 0 to {classes - 1}, the number of classes less 1"
        raise ValueError(f"labels{index} is {numbers[tuple(index)]:g}: {rule}")
    return numbers.astype(np.int64)


def _on_its_device(name: str, given: Any, beside: NDArray[Any], holder: str, kind: str) -> Any:
    """A copy of float64 ("f") or int64 ("i") on the GPU; None where both arrays are on the CPU."""
    if not _on_gpu.is_on_gpu(given):
        return None
    if not _on_gpu.is_on_gpu(beside):
        raise TypeError(f"{name} is on a GPU, and {holder} is not: use {name}.get()")
    kinds = {"f": "iuf", "i": "iu"}[kind]
    if given.dtype.kind not in kinds:
        rule = "real numbers" if kind == "f" else "whole numbers"
        raise TypeError(f"{name} must hold {rule}; got {said(given.dtype)}")
    return given.astype({"f": np.float64, "i": np.int64}[kind], order="C")


def classes(value: object) -> int:
    return _validate.whole_number("classes", value, 1, MOST_CLASSES)


def convention(value: object, padding: object) -> tuple[str, int]:
    """Whose pixels, and cells of padding."""
    name = _validate.choice("convention", value, "torchvision", "detectron2")
    cells = _validate.whole_number("padding", padding, 0, MOST_PADDING)
    if name == "detectron2" and cells != 1:
        raise ValueError(f"padding is torchvision's: leave it 1 with convention 'detectron2'; got {cells}")
    return name, cells
