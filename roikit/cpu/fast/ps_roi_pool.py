"""Position-sensitive RoI pooling: averages from a table of the cells that each bin reads.

Maxima are the plain kernel's, of RoIs that threads share.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_pool import ps_roi_pool as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._ps_roi_pool import fill
from roikit.cpu.fast.rows import by_rows


def ps_roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    group_size: tuple[int, int], convention: Any, mode: str, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = average or maximum over bin (ph, pw) of rois[k] of that bin's own channel for c."""
    how = (spatial_scale, group_size, convention)
    if mode != "avg":
        by_rows(plain, features, rois, out, *how, mode, rows=(2, 1), out=(2,), num_threads=num_threads)
        return
    weighted_cells.forward(
        features, rois, out, how, fill, plain, groups=group_size[0] * group_size[1], num_threads=num_threads
    )
