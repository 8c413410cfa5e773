"""Precise RoI pooling, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._precise_roi_pool import precise_roi_pool as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._precise_roi_pool import fill


def precise_roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = the mean of the bilinear surface of channel c over bin (ph, pw) of rois[k]."""
    how = (spatial_scale,)
    weighted_cells.forward(features, rois, out, how, fill, plain, num_threads=num_threads)
