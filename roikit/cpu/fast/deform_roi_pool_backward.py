"""The gradient of deformable RoI pooling by the map, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._deform_roi_pool_backward import deform_roi_pool_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast.deform_roi_pool import numbered, with_offset


def deform_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float, num_threads: int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, sampling_ratio, gamma)
    fill_shifted, plain_shifted = with_offset(offset, plain)
    weighted_cells.backward(
        grad, numbered(rois), out, how, fill_shifted, plain_shifted, num_threads=num_threads
    )
