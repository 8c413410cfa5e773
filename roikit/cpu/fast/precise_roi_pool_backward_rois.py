"""The gradient of precise RoI pooling by the boxes, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._precise_roi_pool_backward_rois import precise_roi_pool_backward_rois as plain
from roikit.cpu.fast import moving_cells
from roikit.cpu.fast._precise_roi_pool import fill


def precise_roi_pool_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float, num_threads: int = 1,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    how = (spatial_scale,)
    moving_cells.backward_rois(grad, features, rois, out, how, fill, plain, num_threads=num_threads)
