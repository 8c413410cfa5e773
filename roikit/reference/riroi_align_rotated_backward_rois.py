"""The gradient of rotation-invariant RoIAlign with respect to the boxes: that of the rotated boxes and, by
the angle, how their orientations are mixed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps, blend
from .riroi_align_rotated_backward import givers, unmixed
from .roi_align_backward_rois import over_channels
from .roi_align_rotated import frame, sample_counts, turned, upright_points
from .roi_align_rotated_backward_rois import roi_gradient


def mixing_slope(
    rise: NDArray[np.float64], maps: NDArray[Any], roi: NDArray[np.float64],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> float:
    """How sum(grad * bins) grows with the fraction of the way to the next orientation.

    `rise` is how the gradient by each bin before it was mixed grows with it.
    """
    H, W = maps.shape[1:]
    bins = rise.shape[1:]
    box = frame(roi, spatial_scale, aligned)
    counts = sample_counts(box, bins, sampling_ratio)
    total = 0.0
    for ph, pw in np.ndindex(*bins):
        y, x = turned(box, *upright_points(box, (ph, pw), bins, counts))
        rows, columns = axis_taps(y, H), axis_taps(x, W)
        sums = over_channels(rise[:, ph, pw], blend(maps, rows, columns))
        for each in sums[rows.inside & columns.inside]:
            total += each
    return total / max(counts[0] * counts[1], 1)


def riroi_align_rotated_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], shifts: NDArray[np.float64],
    out: NDArray[np.float64], spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
    num_orientations: int, turn: float, steps: float,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle.

    `turn` is how many radians, counter-clockwise, one unit of the angle is, and `steps` how many orientations
    a radian.
    """
    units = np.array([spatial_scale, spatial_scale, spatial_scale, spatial_scale, turn])
    how = (spatial_scale, sampling_ratio, aligned)
    with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
        for roi, shift, values, gradient in zip(rois, shifts, grad, out, strict=True):
            maps = features[int(roi[0])]
            by_box = roi_gradient(unmixed(values, shift, num_orientations), maps, roi, *how)
            to_low, to_high = givers(values, shift, num_orientations)
            by_box[4] += mixing_slope(to_high - to_low, maps, roi, *how) * steps
            gradient[:] = by_box * units
