"""The gradient of RoIAlign of rotated boxes by the map, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._roi_align_rotated_backward import roi_align_rotated_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._roi_align_rotated import fill


def roi_align_rotated_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], aligned: bool, num_threads: int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, sampling_ratio, aligned)
    weighted_cells.backward(grad, rois, out, how, fill, plain, num_threads=num_threads)
