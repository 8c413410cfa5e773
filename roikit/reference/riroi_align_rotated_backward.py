"""The gradient of rotation-invariant RoIAlign with respect to the map: each bin gives back to both of the
orientations that it was mixed of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .riroi_align_rotated import further
from .roi_align_rotated import frame
from .roi_align_rotated_backward import spread_roi


def givers(
    grad: NDArray[Any], shift: NDArray[np.float64], num_orientations: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The gradients of the bins, (C, PH, PW), that each channel was the low, or the high, of the two for."""
    first = int(shift[0])
    to_low = grad[further(len(grad), -first, num_orientations)].astype(np.float64)
    to_high = grad[further(len(grad), -first - 1, num_orientations)].astype(np.float64)
    return to_low, to_high


def unmixed(
    grad: NDArray[Any], shift: NDArray[np.float64], num_orientations: int
) -> NDArray[np.float64]:
    """The gradient by a box's bins before they were mixed: `mixed` backwards."""
    to_low, to_high = givers(grad, shift, num_orientations)
    return (1 - shift[1]) * to_low + shift[1] * to_high


def riroi_align_rotated_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], shifts: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
) -> None:
    """out[n, c, y, x] = sum of grad[k, o, ph, pw], each times the derivative of its bin by that cell.

    Added up in float64, RoI after RoI, bin after bin, sample after sample, and rounded once.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, shift, values in zip(rois, shifts, grad, strict=True):
            bins = unmixed(values, shift, num_orientations)
            spread_roi(total[int(roi[0])], frame(roi, spatial_scale, aligned), bins, sampling_ratio)
        out[:] = total
