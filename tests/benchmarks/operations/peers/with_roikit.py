"""roikit, twice: a new output in every call (fresh), and the same memory again by ``out=`` (reused)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from calls import Call

import roikit

WAYS = ("fresh", "reused")


def versions() -> dict[str, str]:
    return {"roikit": roikit.__version__, "numpy": np.__version__}


def prepare(call: Call, threads: int, way: str) -> Callable[[], Any]:
    made = functools.partial(getattr(roikit, call.operation), **call.given, num_threads=threads)
    return functools.partial(made, out=np.empty_like(made())) if way == "reused" else made


def reference(call: Call, peer: str) -> Any:
    """What the plain kernel gives in float64, as the peer means it."""
    preset = roikit.PRESETS.get(call.operation.removesuffix("_backward"), {}).get(peer, {})
    preset = {name: value for name, value in preset.items() if name not in ("angle", "extrapolation_value")}
    wide = {name: doubled(value) for name, value in call.given.items()}
    with roikit.use_backend("plain"):
        return getattr(roikit, call.operation)(**{**wide, **preset})


def doubled(value: Any) -> Any:
    if isinstance(value, list):
        return [doubled(each) for each in value]
    return value.astype(np.float64) if isinstance(value, np.ndarray) else value


def array(result: Any) -> Any:
    return result
