"""crop_and_resize, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._crop_and_resize import crop_and_resize as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._crop_and_resize import fill


def crop_and_resize(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], extrapolation_value: float,
    method: str, coordinates: str, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = channel c at point (ph, pw) of the grid of rois[k]."""
    how = (extrapolation_value, method, coordinates)
    weighted_cells.forward(features, rois, out, how, fill, plain, num_threads=num_threads)
