"""torchvision's registered operators, without the Python around them; their outputs are new in every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import torchvision

if TYPE_CHECKING:
    from workloads import Workload


def ways(work: Workload) -> tuple[str, ...]:
    return ("fresh",)


def versions() -> dict[str, str]:
    return {"torchvision": torchvision.__version__, "torch": torch.__version__}


def prepare(work: Workload, threads: int, _way: str) -> Callable[[], Any] | None:
    torch.set_num_threads(threads)
    rois, shape = torch.from_numpy(work.rois), work.input_shape
    scale, bins = work.scale, work.bins
    operators = torch.ops.torchvision
    if work.operation == "roi_align_backward":
        backward, grad = operators._roi_align_backward, torch.from_numpy(work.grad)
        return lambda: backward(grad, rois, scale, *bins, *shape, work.ratio, work.aligned)
    features = torch.from_numpy(work.features)
    if work.operation == "roi_align":
        if work.mode == "max":
            return None
        align = operators.roi_align
        return lambda: align(features, rois, scale, *bins, work.ratio, work.aligned)
    pool = operators.roi_pool
    if work.operation == "roi_pool":
        if work.argmax:
            return lambda: pool(features, rois, scale, *bins)
        return lambda: pool(features, rois, scale, *bins)[0]  # it computes the argmax all the same
    backward, grad = operators._roi_pool_backward, torch.from_numpy(work.grad)
    _, argmax = pool(features, rois, scale, *bins)
    return lambda: backward(grad, rois, argmax, scale, *bins, *shape)


def arrays(result: Any) -> tuple[np.ndarray, ...]:
    return tuple(tensor.numpy() for tensor in (result if isinstance(result, tuple) else (result,)))
