"""Position-sensitive RoIAlign, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_align import ps_roi_align as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._ps_roi_align import fill


def ps_roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = average at the sample points of bin (ph, pw) of rois[k], on the bin's channels."""
    how = (spatial_scale, sampling_ratio, group_size, aligned)
    weighted_cells.forward(
        features, rois, out, how, fill, plain, groups=group_size[0] * group_size[1], num_threads=num_threads
    )
