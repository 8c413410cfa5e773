"""The gradient of position-sensitive crop_and_resize by the maps: each part's crop has its share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crop_and_resize_backward import spread_crop
from .ps_crop_and_resize import Pair, part_of_roi, planes_of_part


def ps_crop_and_resize_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any],
    method: str, coordinates: str, group_size: Pair,
) -> None:
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs in that value.

    Added up in float64, RoI after RoI, part after part, and rounded once.
    """
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for roi, values in zip(rois, grad, strict=True):
            share = values.astype(np.float64) / (group_size[0] * group_size[1])
            for gh, gw in np.ndindex(*group_size):
                planes = planes_of_part(total[int(roi[0])], gh, gw, group_size)
                spread_crop(planes, part_of_roi(roi, gh, gw, group_size), share, method, coordinates)
        out[:] = total
