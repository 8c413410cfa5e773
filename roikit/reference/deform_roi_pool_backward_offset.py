"""The gradient of deformable RoI pooling with respect to the offsets: the map's slope at each sample of a
bin, times how far they all move with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .deform_roi_pool import shifted_points, sides
from .roi_align_backward_rois import bin_slopes


def deform_roi_pool_backward_offset(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], offset: NDArray[np.float64],
    out: NDArray[np.float64], spatial_scale: float, sampling_ratio: tuple[int, int], gamma: float,
) -> None:
    """out[k, i, ph, pw] = the gradient of sum(grad[k, c, ph, pw] * bin) by the bin's shift along x, and y."""
    bins = grad.shape[2:]
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, shifts, values, gradient in zip(rois, offset, grad, out, strict=True):
            rows, columns = sides(roi, bins, spatial_scale, sampling_ratio)
            for ph, pw in np.ndindex(*bins):
                along_x, along_y = shifts[:, ph, pw]
                y = shifted_points(ph, rows, gamma, along_y)
                x = shifted_points(pw, columns, gamma, along_x)
                by_y, by_x = bin_slopes(values[:, ph, pw], features[int(roi[0])], y[:, None], x)
                total = np.zeros(2)  # added up as a loop adds; np.sum adds in another order
                for i, j in np.ndindex(rows.count, columns.count):
                    total += by_x[i, j], by_y[i, j]
                right, down = total / max(rows.count * columns.count, 1)
                gradient[0, ph, pw] = right * (gamma * columns.size)
                gradient[1, ph, pw] = down * (gamma * rows.size)
