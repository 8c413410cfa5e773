"""What is timed: the workloads of the CPU's benchmark, by dtype, layout and order of addition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from traffic import touched
from workloads import IMAGE_HEIGHT, IMAGE_WIDTH, WORKLOADS, Workload, random_boxes

import roikit

#: Workloads in the table's order, and how many bytes an index of argmax has.
NAMES = ("W1", "W5", "W2", "W3a", "W3b", "W3b-argmax", "W7a", "W7b", "W7c")
INDEX = 4
#: How far a result may be from float64, in parts of the largest value: rounding, and sums of many terms.
TOLERANCE = {"float32": 4e-6, "float16": 2**-10, "bfloat16": 2**-7}
#: How long roikit was expected to take on an H200, in microseconds: from counts of memory accesses on the
#: CPU, before there was a measurement (float32; the gradient is the deterministic one).
PREDICTED = {
    ("W1", "NHWC"): 31.0, ("W5", "NHWC"): 24.0, ("W2", "NHWC"): 62.0,
    ("W1", "NCHW"): 113.0, ("W5", "NCHW"): 71.0, ("W2", "NCHW"): 257.0,
    ("W3b-argmax", "NCHW"): 120.0, ("W7a", "NCHW"): 121.0,
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """`values` is the map, or for a gradient that of the output; argmax is only there for roi_pool's."""

    values: np.ndarray
    rois: np.ndarray
    argmax: np.ndarray | None = None


@dataclass(frozen=True)
class Case:
    """One row: a workload with dtype and layout; gradients also with the order of their sums."""

    work: Workload
    dtype: str = "float32"
    layout: str = "NCHW"
    deterministic: bool = True

    @property
    def name(self) -> str:
        order = "" if self.deterministic else " atomic"
        return f"{self.work.name} {self.dtype} {self.layout}{order}"

    @property
    def is_gradient(self) -> bool:
        return self.work.operation.endswith("_backward")

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the result, as `layout` orders it."""
        return self.laid_out(self.work.input_shape if self.is_gradient else self.work.output_shape)

    @property
    def predicted(self) -> float | None:
        """Seconds."""
        found = PREDICTED.get((self.work.name, self.layout))
        is_it = self.dtype == "float32" and self.deterministic
        return found * 1e-6 if found and is_it else None

    def laid_out(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        first, channels, *cells = shape
        return tuple(shape) if self.layout == "NCHW" else (first, *cells, channels)

    def inputs(self, seed: int) -> Inputs:
        """Other numbers and other boxes for every seed."""
        work = self.work
        random = np.random.default_rng(seed)
        shape = self.laid_out(work.output_shape if self.is_gradient else work.input_shape)
        values = random.standard_normal(shape, np.float32).astype(self.dtype)
        boxes = random_boxes(work.regions, seed, work.largest)
        if work.operation.startswith("roi_pool"):
            boxes *= _inside(work)
        rois = np.concatenate([np.zeros((len(boxes), 1), np.float32), boxes], axis=1)
        argmax = None
        if work.operation == "roi_pool_backward":
            maps = random.standard_normal(self.laid_out(work.input_shape), np.float32)
            how = {"layout": self.layout, "return_argmax": True}
            argmax = roikit.roi_pool(maps, rois, work.bins, work.scale, **how)[1].astype(np.int32)
        return Inputs(values, rois, argmax)

    def call(self, inputs: Inputs, out: Any, **options: Any) -> Callable[[], object]:
        """roikit's function on these arrays, wherever they are; it writes to `out`."""
        work, given = self.work, {"layout": self.layout, "out": out, **options}
        values, rois, shape = inputs.values, inputs.rois, self.shape
        sampling = (work.scale, work.ratio or -1, work.aligned)
        if work.operation == "roi_align":
            return lambda: roikit.roi_align(values, rois, work.bins, *sampling, **given)
        if work.operation == "roi_pool":
            return lambda: roikit.roi_pool(
                values, rois, work.bins, work.scale, return_argmax=work.argmax, **given
            )
        given["deterministic"] = self.deterministic
        if work.operation == "roi_align_backward":
            return lambda: roikit.roi_align_backward(values, rois, shape, *sampling, **given)
        return lambda: roikit.roi_pool_backward(values, rois, inputs.argmax, shape, **given)

    def reference(self, inputs: Inputs) -> tuple[np.ndarray, ...]:
        """The same in float64, on the CPU."""
        exact = Inputs(inputs.values.astype(np.float64), inputs.rois, inputs.argmax)
        found = Case(self.work, self.dtype, self.layout).call(exact, None)()
        return found if isinstance(found, tuple) else (found,)

    def bytes_moved(self) -> int:
        """Each cell that a RoI needs is read once (of a gradient: the map is written), each bin once."""
        work, size = self.work, np.dtype(self.dtype).itemsize
        bins = int(np.prod(work.output_shape))
        has_argmax = work.argmax or work.operation == "roi_pool_backward"
        cells = work.height * work.width if self.is_gradient else int(touched(work).sum())
        return (cells * work.channels + bins) * size + (bins * INDEX if has_argmax else 0)


def _inside(work: Workload) -> np.ndarray:
    """What brings boxes of the image of RoIAlign's workloads to the smaller one of this map."""
    sides = [work.width / work.scale / IMAGE_WIDTH, work.height / work.scale / IMAGE_HEIGHT]
    return np.array(sides * 2, np.float32)


def all_cases(names: tuple[str, ...] = NAMES, dtypes: tuple[str, ...] = tuple(TOLERANCE)) -> Iterator[Case]:
    """Every workload in every dtype and layout; gradients twice, in order and by atomic additions."""
    for name in names:
        for dtype in dtypes:
            for layout in ("NCHW", "NHWC"):
                yield Case(WORKLOADS[name], dtype, layout)
                if WORKLOADS[name].operation.endswith("_backward"):
                    yield Case(WORKLOADS[name], dtype, layout, deterministic=False)
