"""roikit, twice: a new output in every call (fresh), and the same memory again by ``out=`` (reused)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

import roikit

if TYPE_CHECKING:
    from workloads import Workload


def ways(work: Workload) -> tuple[str, ...]:
    return ("fresh", "reused")


def versions() -> dict[str, str]:
    return {"roikit": roikit.__version__, "numpy": np.__version__}


def prepare(work: Workload, threads: int, way: str) -> Callable[[], object]:
    call = _call(work, work.features, work.rois, work.grad, num_threads=threads)
    if way == "reused":
        return functools.partial(call, out=_room(work))
    if work.argmax:  # int32 as in the peers, where roikit's own would be int64
        return lambda: call(out=_room(work))
    return call


def _room(work: Workload) -> Any:
    if work.operation.endswith("_backward"):
        return np.empty(work.input_shape, np.float32)
    values = np.empty(work.output_shape, np.float32)
    return (values, np.empty(work.output_shape, np.int32)) if work.argmax else values


def arrays(result: Any) -> tuple[np.ndarray, ...]:
    return result if isinstance(result, tuple) else (result,)


def reference(work: Workload) -> tuple[np.ndarray, ...]:
    """What the plain kernel gives in float64: all are compared with it."""
    with roikit.use_backend("plain"):
        return arrays(_call(work, np.float64(work.features), work.rois, np.float64(work.grad))())


def _call(work: Workload, features: Any, rois: Any, grad: Any, **options: Any) -> Callable[..., Any]:
    sampling = (work.scale, work.ratio or -1, work.aligned)
    if work.operation == "roi_align":
        return functools.partial(
            roikit.roi_align, features, rois, work.bins, *sampling, mode=work.mode, **options
        )
    if work.operation == "roi_align_backward":
        return functools.partial(
            roikit.roi_align_backward, grad, rois, work.input_shape, *sampling, **options
        )
    pool = functools.partial(roikit.roi_pool, features, rois, work.bins, work.scale)
    if work.operation == "roi_pool":
        return functools.partial(pool, return_argmax=work.argmax, **options)
    _, argmax = pool(return_argmax=True)
    return functools.partial(
        roikit.roi_pool_backward, grad, rois, argmax.astype(np.int32), work.input_shape, **options
    )
