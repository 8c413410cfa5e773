"""The gradient of deformable RoI pooling with respect to the map: each bin gives back what it read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .deform_roi_pool import shifted_points, sides
from .roi_align_backward import spread_bin


def deform_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.

    Added up in float64, RoI after RoI, bin after bin, sample after sample, and rounded once.
    """
    total = np.zeros(out.shape)
    bins = grad.shape[2:]
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, shifts, values in zip(rois, offset, grad, strict=True):
            rows, columns = sides(roi, bins, spatial_scale, sampling_ratio)
            for ph, pw in np.ndindex(*bins):
                along_x, along_y = shifts[:, ph, pw]
                y = shifted_points(ph, rows, gamma, along_y)
                x = shifted_points(pw, columns, gamma, along_x)
                spread_bin(total[int(roi[0])], y, x, values[:, ph, pw])
        out[:] = total
