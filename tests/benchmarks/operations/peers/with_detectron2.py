"""detectron2's RoIAlign of rotated boxes, without the Python around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from calls import Call
from detectron2 import _C, __version__  # noqa: F401  (its operators are registered by that)

WAYS = ("fresh",)


def versions() -> dict[str, str]:
    return {"detectron2": __version__, "torch": torch.__version__}


def prepare(call: Call, threads: int, _way: str) -> Callable[[], Any] | None:
    torch.set_num_threads(threads)
    if not call.operation.startswith("roi_align_rotated"):
        return None
    given = call.given
    rois, scale, ratio = torch.from_numpy(given["rois"]), given["spatial_scale"], given["sampling_ratio"]
    if call.of_grad:
        grad, shape = torch.from_numpy(given["grad"]), given["input_shape"]
        backward = torch.ops.detectron2.roi_align_rotated_backward
        return lambda: backward(grad, rois, scale, 7, 7, *shape, ratio)
    features, align = torch.from_numpy(given["features"]), torch.ops.detectron2.roi_align_rotated_forward
    return lambda: align(features, rois, scale, 7, 7, ratio)


def array(result: Any) -> Any:
    return result.numpy()
