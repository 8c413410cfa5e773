"""The gradient of rotation-invariant RoIAlign by the map: that of `roi_align_rotated`, of unmixed bins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu._riroi_align_rotated_backward import riroi_align_rotated_backward as plain
from roikit.cpu.fast import blocks, weighted_cells
from roikit.cpu.fast._orientations import unmix_rows
from roikit.cpu.fast.riroi_align_rotated import are_few, each_share, like
from roikit.cpu.fast.roi_align_rotated_backward import roi_align_rotated_backward


def riroi_align_rotated_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], shifts: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
    num_threads: int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, o, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, sampling_ratio, aligned)
    if weighted_cells.too_far(out, 1, out.shape[2:], grad.shape[2:]) or blocks.endless(grad):
        _arrays.widely(plain, (3,))(grad, rois, shifts, out, *how, num_orientations)
        return
    dtype = blocks.computed_in(grad.dtype)
    if grad.dtype == dtype and are_few(out):
        plain(grad, rois, shifts, out, *how, num_orientations)
        return
    bins = like(grad, dtype)
    each_share(unmix_rows, grad, shifts, bins, num_orientations, num_threads)
    total = out if out.dtype == dtype else like(out, dtype)
    roi_align_rotated_backward(bins, rois, total, *how, num_threads)
    if total is not out:
        with np.errstate(all="ignore"):
            out[...] = total
