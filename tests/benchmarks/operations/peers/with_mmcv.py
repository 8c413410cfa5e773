"""mmcv's operators, of those that have a kernel for the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mmcv
import numpy as np
import torch
from calls import Call
from mmcv.ops.roi_align_rotated import ext_module

WAYS = ("fresh",)


def versions() -> dict[str, str]:
    return {"mmcv": mmcv.__version__, "torch": torch.__version__}


def prepare(call: Call, threads: int, _way: str) -> Callable[[], Any] | None:
    torch.set_num_threads(threads)
    if not call.operation.startswith("roi_align_rotated"):
        return None
    given = call.given
    boxes = given["rois"].copy()
    boxes[:, 5] = np.radians(boxes[:, 5])
    rois = torch.from_numpy(boxes)
    how = {name: given[name] for name in ("spatial_scale", "sampling_ratio", "aligned")}
    how |= {"pooled_height": 7, "pooled_width": 7, "clockwise": False}

    def forward() -> Any:
        out = features.new_zeros((len(rois), features.shape[1], 7, 7))
        ext_module.roi_align_rotated_forward(features, rois, out, **how)
        return out

    def backward() -> Any:
        out = grad.new_zeros(given["input_shape"])
        ext_module.roi_align_rotated_backward(grad, rois, out, **how)
        return out

    if call.of_grad:
        grad = torch.from_numpy(given["grad"])
        return backward
    features = torch.from_numpy(given["features"])
    return forward


def array(result: Any) -> Any:
    return result.numpy()
