"""The gradient of position-sensitive RoIAlign by the boxes, from a table of the cells that each bin reads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_align_backward_rois import ps_roi_align_backward_rois as plain
from roikit.cpu.fast import moving_cells
from roikit.cpu.fast._ps_roi_align import fill_moves as fill
from roikit.cpu.fast.rows import by_rows


def ps_roi_align_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool,
    mode: str = "avg", empty_value: float = 0.0, num_threads: int = 1,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    how = (spatial_scale, sampling_ratio, group_size, aligned)
    if mode == "avg":
        moving_cells.backward_rois(
            grad, features, rois, out, how, fill, plain, groups=math.prod(group_size), num_threads=num_threads
        )
    else:
        by_rows(
            plain, grad, features, rois, out, *how, mode, empty_value,
            rows=(0, 2, 3), out=(3,), num_threads=num_threads,
        )
