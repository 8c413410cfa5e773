"""The gradient of crop_and_resize by the map, from a table of the cells that each bin reads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._crop_and_resize_backward import crop_and_resize_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._crop_and_resize import fill_for_gradient as fill


def crop_and_resize_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], method: str, coordinates: str,
    num_threads: int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs at that point."""
    how = (method, coordinates)
    weighted_cells.backward(grad, rois, out, how, fill, plain, num_threads=num_threads)
