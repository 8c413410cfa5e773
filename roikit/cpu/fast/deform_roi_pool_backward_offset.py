"""The gradient of deformable RoI pooling by the offsets, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._deform_roi_pool_backward_offset import deform_roi_pool_backward_offset as plain
from roikit.cpu.fast import moving_cells
from roikit.cpu.fast.deform_roi_pool import numbered
from roikit.cpu.fast.deform_roi_pool_backward_rois import with_offset


def deform_roi_pool_backward_offset(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64],
    out: NDArray[np.float64], spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
    num_threads: int = 1,
) -> None:
    """out[k, i, ph, pw] = the gradient of sum(grad[k, c, ph, pw] * bin) by the bin's shift along x, and y."""
    how = (spatial_scale, sampling_ratio, gamma)
    fill, plain_shifted = with_offset(offset, plain, of_offset=True)
    moving_cells.backward_rois(
        grad, features, numbered(rois), out, how, fill, plain_shifted, num_threads=num_threads
    )
