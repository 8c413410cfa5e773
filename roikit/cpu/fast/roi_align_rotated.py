"""RoIAlign of rotated boxes, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._roi_align_rotated import roi_align_rotated as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._roi_align_rotated import fill


def roi_align_rotated(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], aligned: bool, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = the average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    how = (spatial_scale, sampling_ratio, aligned)
    weighted_cells.forward(features, rois, out, how, fill, plain, num_threads=num_threads)
