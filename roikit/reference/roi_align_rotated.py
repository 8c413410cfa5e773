"""RoIAlign of rotated boxes: the sample points of an upright box are turned about its centre."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bilinear_interpolate import axis_taps, blend
from .roi_align import bin_points, bin_value, sample_count

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


class Frame(NamedTuple):
    """A rotated box in cells, and the cosine and sine of its angle, counter-clockwise."""

    y: float  # of its centre
    x: float
    height: float
    width: float
    cos: float
    sin: float


def frame(roi: NDArray[np.float64], spatial_scale: float, aligned: bool) -> Frame:
    """One row of rois on the map."""
    _, x, y, width, height, cos, sin = roi
    y, x = y * spatial_scale, x * spatial_scale
    height, width = height * spatial_scale, width * spatial_scale
    if aligned:  # a cell's value stands at its centre, so cell i is at i + 0.5
        return Frame(y - 0.5, x - 0.5, height, width, cos, sin)
    return Frame(y, x, max(height, 1.0), max(width, 1.0), cos, sin)


def sample_counts(box: Frame, bins: tuple[int, int], sampling_ratio: tuple[int, int]) -> tuple[int, int]:
    """Sample points of a bin along the height and along the width of the box."""
    sizes = zip((box.height, box.width), bins, sampling_ratio, strict=True)
    count_y, count_x = (sample_count(*each) for each in sizes)
    return count_y, count_x


def upright_points(
    box: Frame, bin_: tuple[int, int], bins: tuple[int, int], counts: tuple[int, int]
) -> Pair:
    """Where a bin of the box would be sampled if it stood upright, from its centre: (iy, 1) and (ix,)."""
    yy = bin_points(bin_[0], -box.height / 2, box.height, bins[0], counts[0])
    xx = bin_points(bin_[1], -box.width / 2, box.width, bins[1], counts[1])
    return yy[:, None], xx


def turned(box: Frame, yy: NDArray[np.float64], xx: NDArray[np.float64]) -> Pair:
    """The same points on the map, y and x. By 90°, what was to the right of the centre comes above it.

    ::

        y = yy cos - xx sin + centre y         up ↑        . ↖ xx
        x = yy sin + xx cos + centre x            centre ⟲
    """
    return yy * box.cos - xx * box.sin + box.y, yy * box.sin + xx * box.cos + box.x


def roi_align_rotated(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
) -> None:
    """out[k, c, ph, pw] = the average of channel c at the sample points of bin (ph, pw) of rois[k].

    rois (K, 7): batch index, centre x, centre y, width, height, and the cosine and sine of the angle.
    """
    H, W = features.shape[2:]
    bins = PH, PW = out.shape[2:]
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, values in zip(rois, out, strict=True):
            maps, box = features[int(roi[0])], frame(roi, spatial_scale, aligned)
            counts = sample_counts(box, bins, sampling_ratio)
            for ph, pw in np.ndindex(PH, PW):
                y, x = turned(box, *upright_points(box, (ph, pw), bins, counts))
                # Every channel at every point of the bin, (C, iy, ix); outside the map a 0 that counts.
                values[:, ph, pw] = bin_value(blend(maps, axis_taps(y, H), axis_taps(x, W)), "avg")
