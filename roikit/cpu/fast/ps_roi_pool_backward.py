"""The gradient of position-sensitive RoI pooling by the map, of averages from a table of each bin's cells.

That of maxima is the plain kernel's, of channels that threads share.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_pool_backward import ps_roi_pool_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._ps_roi_pool import fill
from roikit.cpu.fast.channels import by_channels


def ps_roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    group_size: tuple[int, int], convention: Any, mode: str, features: NDArray[Any] | None,
    num_threads: int = 1,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, group_size, convention)
    groups = group_size[0] * group_size[1]
    if mode == "avg":
        weighted_cells.backward(grad, rois, out, how, fill, plain, groups=groups, num_threads=num_threads)
        return
    by_channels(
        plain, grad, rois, out, *how, mode, features, bins=0, maps=(2, 7), out=(2,), groups=groups,
        num_threads=num_threads,
    )
