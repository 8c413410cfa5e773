"""The gradient of RoIAlign of rotated boxes with respect to the map: each bin gives back what it read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps
from .roi_align_backward import spread
from .roi_align_rotated import Frame, frame, sample_counts, turned, upright_points


def spread_roi(
    maps: NDArray[np.float64], box: Frame, grad: NDArray[Any], sampling_ratio: tuple[int, int]
) -> None:
    """Add to maps[c] what the bins of one RoI give back: each sample an equal share of its bin's gradient."""
    H, W = maps.shape[1:]
    bins = grad.shape[1:]
    counts = sample_counts(box, bins, sampling_ratio)
    for ph, pw in np.ndindex(*bins):
        y, x = turned(box, *upright_points(box, (ph, pw), bins, counts))
        share = grad[:, ph, pw].astype(np.float64) / max(y.size, 1)  # samples outside stay in the divisor
        for i, j in np.ndindex(counts):
            row, column = axis_taps(y[i, j], H), axis_taps(x[i, j], W)
            if row.inside and column.inside:
                spread(maps, row, column, share)


def roi_align_rotated_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.

    Added up in float64, RoI after RoI, bin after bin, sample after sample, and rounded once.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, values in zip(rois, grad, strict=True):
            spread_roi(total[int(roi[0])], frame(roi, spatial_scale, aligned), values, sampling_ratio)
        out[:] = total
