"""Paddle's generated operators, without the Python around them; their outputs are new in every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import paddle

if TYPE_CHECKING:
    from workloads import Workload


def ways(work: Workload) -> tuple[str, ...]:
    return ("fresh",)


def versions() -> dict[str, str]:
    return {"paddle": paddle.__version__}


def prepare(work: Workload, threads: int, _way: str) -> Callable[[], Any] | None:
    """The threads are in the environment: FLAGS_paddle_num_threads."""
    paddle.set_device("cpu")
    features = paddle.to_tensor(work.features)
    boxes, counts = paddle.to_tensor(work.boxes), paddle.to_tensor(np.array([work.regions], np.int32))
    bins, scale, ratio = work.bins, work.scale, work.ratio or -1
    if work.operation.startswith("roi_align"):
        if work.mode == "max":
            return None
        align = paddle._C_ops.roi_align

        def forward() -> Any:
            return align(features, boxes, counts, *bins, scale, ratio, work.aligned)
    else:
        pool = paddle._C_ops.roi_pool

        def forward() -> Any:  # it computes the argmax all the same
            return pool(features, boxes, counts, *bins, scale)

    if not work.operation.endswith("_backward"):
        return forward
    features.stop_gradient = False
    out, grad = forward(), paddle.to_tensor(work.grad)
    return lambda: paddle.grad(out, features, grad, retain_graph=True)[0]


def arrays(result: Any) -> tuple[np.ndarray, ...]:
    """Its argmax stays inside: the gradient is what it can be told by."""
    return (result.numpy(),)
