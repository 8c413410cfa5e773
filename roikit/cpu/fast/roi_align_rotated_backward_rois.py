"""The gradient of RoIAlign of rotated boxes by the boxes, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._roi_align_rotated_backward_rois import roi_align_rotated_backward_rois as plain
from roikit.cpu.fast import moving_cells
from roikit.cpu.fast._roi_align_rotated import fill_moves as fill


def roi_align_rotated_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, turn: float, num_threads: int = 1,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle."""
    how = (spatial_scale, sampling_ratio, aligned, turn)
    moving_cells.backward_rois(grad, features, rois, out, how, fill, plain, num_threads=num_threads)
