"""Position-sensitive RoIAlign: averages from a table of the cells that each bin reads.

Maxima are the plain kernel's, of RoIs that threads share.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_align import ps_roi_align as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._ps_roi_align import fill
from roikit.cpu.fast.rows import by_rows


def ps_roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool, mode: str = "avg",
    empty_value: float = 0.0, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = maximum or average of the samples of bin (ph, pw) of rois[k], on its channels."""
    how = (spatial_scale, sampling_ratio, group_size, aligned)
    if mode != "avg":
        by_rows(
            plain, features, rois, out, *how, mode, empty_value, rows=(2, 1), out=(2,),
            num_threads=num_threads,
        )
        return
    weighted_cells.forward(
        features, rois, out, how, fill, plain, groups=group_size[0] * group_size[1], num_threads=num_threads
    )
