"""Rotation-invariant RoIAlign: the channels are orientations, and a box that is turned takes these along."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .roi_align_rotated import roi_align_rotated

Channels = NDArray[np.intp]


def further(channels: int, steps: int, num_orientations: int) -> Channels:
    """The channel that is `steps` orientations after each: the last of a group is followed by its first.

    ::

        0 1 2 3   4 5 6 7      two groups of four orientations
        1 2 3 0   5 6 7 4      one step further
    """
    c = np.arange(channels)
    orientation = c % num_orientations
    return c - orientation + (orientation + steps) % num_orientations


def mixed(
    bins: NDArray[np.float64], shift: NDArray[np.float64], num_orientations: int
) -> NDArray[np.float64]:
    """Each channel's bins, (C, PH, PW), as those shift[0] orientations further and, by shift[1], the next."""
    first, fraction = int(shift[0]), shift[1]
    low = further(len(bins), first, num_orientations)
    high = further(len(bins), first + 1, num_orientations)
    return (1 - fraction) * bins[low] + fraction * bins[high]


def riroi_align_rotated(
    features: NDArray[Any], rois: NDArray[np.float64], shifts: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
) -> None:
    """out[k] = the bins of `roi_align_rotated`, mixed by shifts[k]: whole orientations, and the rest."""
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, shift, values in zip(rois, shifts, out, strict=True):
            bins = np.empty((1, *values.shape))
            roi_align_rotated(features, roi[None], bins, spatial_scale, sampling_ratio, aligned)
            values[:] = mixed(bins[0], shift, num_orientations)
