"""The gradient of position-sensitive RoI pooling by the map, from a table of the cells of each bin."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_pool_backward import ps_roi_pool_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._ps_roi_pool import fill


def ps_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float, group_size:
    tuple[int, int], convention: Any, num_threads: int = 1,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, group_size, convention)
    weighted_cells.backward(
        grad, rois, out, how, fill, plain, groups=group_size[0] * group_size[1], num_threads=num_threads
    )
