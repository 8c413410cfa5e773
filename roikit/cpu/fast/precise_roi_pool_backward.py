"""The gradient of precise RoI pooling by the map, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._precise_roi_pool_backward import precise_roi_pool_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._precise_roi_pool import fill


def precise_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float, num_threads:
    int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the weight of that cell in its bin."""
    how = (spatial_scale,)
    weighted_cells.backward(grad, rois, out, how, fill, plain, num_threads=num_threads)
