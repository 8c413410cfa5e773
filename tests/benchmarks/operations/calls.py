"""The calls that are timed, by our names: arrays from fixed seeds, the same everywhere. Needs NumPy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from workloads import _P2, IMAGE_HEIGHT, IMAGE_WIDTH

#: As W1 of the kernels' benchmark: the finest level of a feature pyramid, 512 boxes of up to 112 pixels.
MAP, BOXES, SCALE = (1, 256, 200, 336), 512, 1 / 4
#: Score maps of position-sensitive operations: so many for each of 7×7 bins.
SCORES = 10
Array = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Call:
    """``operation(**given)``; `peers` may mean something a little different, see `given_to`."""

    operation: str
    given: dict[str, Any]

    @property
    def of_grad(self) -> bool:
        return self.operation.endswith("_backward")


def random(shape: tuple[int, ...], seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(shape, np.float32)


@cache
def features(channels: int = MAP[1]) -> Array:
    return random((1, channels, *MAP[2:]))


@cache
def rois() -> Array:
    """(K, 5), none of which reaches the last row or column, where torchvision's ps_roi_pool differs."""
    boxes = _P2.boxes * np.float32(0.98)
    return np.column_stack([np.zeros(len(boxes), np.float32), boxes])


def turned() -> Array:
    """(K, 6): the same boxes, turned by any angle."""
    x1, y1, x2, y2 = rois()[:, 1:].T
    degrees = np.random.default_rng(1).uniform(-180, 180, len(x1))
    columns = np.column_stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, degrees])
    return np.column_stack([np.zeros(len(x1)), columns]).astype(np.float32)


def parts() -> Array:
    """(K, 5), in parts of the image."""
    image = np.array([1, IMAGE_WIDTH, IMAGE_HEIGHT, IMAGE_WIDTH, IMAGE_HEIGHT], np.float32)
    return rois() / image


def last(array: Array) -> Array:
    """NCHW to NHWC."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1))


def boxes_of_all_sizes() -> Array:
    """(K, 5)"""
    sides = np.exp(np.random.default_rng(2).uniform(np.log(16), np.log(600), (BOXES, 2)))
    corners = np.random.default_rng(3).uniform(0, 1, (BOXES, 2)) * ([IMAGE_WIDTH, IMAGE_HEIGHT] - sides)
    return np.column_stack([np.zeros(BOXES), corners, corners + sides]).astype(np.float32)


def pyramid() -> dict[str, Any]:
    """Four levels."""
    maps = [random((1, 256, IMAGE_HEIGHT // stride, IMAGE_WIDTH // stride)) for stride in (4, 8, 16, 32)]
    return {"features": maps, "rois": boxes_of_all_sizes(), "spatial_scales": [1 / 4, 1 / 8, 1 / 16, 1 / 32]}


def of_boxes(**more: Any) -> dict[str, Any]:
    return {"rois": rois(), "output_size": 7, "spatial_scale": SCALE, **more}


def backward(given: dict[str, Any], channels: int, shape: tuple[int, ...] = MAP) -> dict[str, Any]:
    """The arguments of the gradient by the map."""
    kept = {name: value for name, value in given.items() if name not in ("features", "output_size")}
    grad = random((BOXES, channels, 7, 7))
    return {"grad": grad, "input_shape": shape, **kept}


def rotated() -> dict[str, Any]:
    return of_boxes(features=features(), rois=turned(), sampling_ratio=2, aligned=True)


def ps() -> dict[str, Any]:
    return of_boxes(features=features(SCORES * 49))


def shifted() -> dict[str, Any]:
    return of_boxes(features=features(), offset=random((BOXES, 2, 7, 7)).astype(np.float64), sampling_ratio=2)


def crops() -> dict[str, Any]:
    return {"features": last(features()), "rois": parts(), "output_size": 14, "layout": "NHWC"}


def crops_backward() -> dict[str, Any]:
    shape = (1, *MAP[2:], MAP[1])
    return {"grad": random((BOXES, 14, 14, 256)), "rois": parts(), "input_shape": shape, "layout": "NHWC"}


def masks() -> dict[str, Any]:
    boxes = np.ascontiguousarray(boxes_of_all_sizes()[:100, 1:])
    return {"masks": random((100, 28, 28)), "boxes": boxes, "image_size": (IMAGE_HEIGHT, IMAGE_WIDTH)}


PS_SHAPE = (1, SCORES * 49, *MAP[2:])
#: By the name of the row: the operation, and what makes its arguments.
CALLS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "rotated": ("roi_align_rotated", rotated),
    "rotated gradient": ("roi_align_rotated_backward", lambda: backward(rotated(), 256)),
    "orientations": ("riroi_align_rotated", rotated),
    "orientations gradient": ("riroi_align_rotated_backward", lambda: backward(rotated(), 256)),
    "ps align": ("ps_roi_align", lambda: {**ps(), "sampling_ratio": 2}),
    "ps align gradient": (
        "ps_roi_align_backward", lambda: backward({**ps(), "sampling_ratio": 2}, SCORES, PS_SHAPE),
    ),
    "ps pool": ("ps_roi_pool", ps),
    "ps pool gradient": ("ps_roi_pool_backward", lambda: backward(ps(), SCORES, PS_SHAPE)),
    "crop": ("crop_and_resize", crops),
    "crop gradient": ("crop_and_resize_backward", crops_backward),
    "crop NCHW": (
        "crop_and_resize", lambda: {"features": features(), "rois": parts(), "output_size": 7},
    ),
    "precise": ("precise_roi_pool", lambda: of_boxes(features=features())),
    "deform": ("deform_roi_pool", shifted),
    "border": (
        "border_align",
        lambda: {"features": features(), "rois": rois(), "pool_size": 10, "spatial_scale": SCALE},
    ),
    "pyramid": ("roi_align_pyramid", lambda: {**pyramid(), "output_size": 7, "sampling_ratio": 2}),
    "paste": ("paste_masks", masks),
}  # fmt: skip


def call(row: str) -> Call:
    operation, given = CALLS[row]
    return Call(operation, given())
