"""Paddle's generated operators, without the Python around them; their outputs are new in every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import paddle
from calls import Call

WAYS = ("fresh",)


def versions() -> dict[str, str]:
    return {"paddle": paddle.__version__}


def prepare(call: Call, _threads: int, _way: str) -> Callable[[], Any] | None:
    """The threads are in the environment: FLAGS_paddle_num_threads."""
    if call.operation not in ("ps_roi_pool", "ps_roi_pool_backward"):
        return None
    paddle.set_device("cpu")
    rois = call.given["rois"]
    boxes, counts = paddle.to_tensor(rois[:, 1:]), paddle.to_tensor(np.array([len(rois)], np.int32))
    if call.of_grad:
        features = paddle.zeros(call.given["input_shape"], "float32")
        features.stop_gradient = False
    else:
        features = paddle.to_tensor(call.given["features"])
    channels = features.shape[1] // 49

    def forward() -> Any:
        return paddle._C_ops.psroi_pool(features, boxes, counts, 7, 7, channels, call.given["spatial_scale"])

    if not call.of_grad:
        return forward
    out, grad = forward(), paddle.to_tensor(call.given["grad"])
    return lambda: paddle.grad(out, features, grad, retain_graph=True)[0]


def array(result: Any) -> Any:
    return result.numpy()
