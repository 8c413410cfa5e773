"""The gradient of position-sensitive RoIAlign by the map: of averages from a table of the cells of each bin.

That of maxima is the plain kernel's, of channels that threads share.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._ps_roi_align_backward import ps_roi_align_backward as plain
from roikit.cpu.fast import weighted_cells
from roikit.cpu.fast._ps_roi_align import fill
from roikit.cpu.fast.channels import by_channels


def ps_roi_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], group_size: tuple[int, int], aligned: bool, mode: str = "avg",
    features: NDArray[Any] | None = None, empty_value: float = 0.0, num_threads: int = 1,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, sampling_ratio, group_size, aligned)
    groups = group_size[0] * group_size[1]
    if mode == "avg":
        weighted_cells.backward(grad, rois, out, how, fill, plain, groups=groups, num_threads=num_threads)
        return
    by_channels(
        plain, grad, rois, out, *how, mode, features, empty_value, bins=0, maps=(2, 8), out=(2,),
        groups=groups, num_threads=num_threads,
    )
