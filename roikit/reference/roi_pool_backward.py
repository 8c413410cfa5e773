"""The gradient of RoI max pooling: each bin gives its gradient to the one cell where it found its maximum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any], out: NDArray[Any]
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x.

    Added up in float64, RoI after RoI, bin after bin, and rounded once. An argmax of -1 is no cell.
    """
    H, W = out.shape[2:]
    total = np.zeros(out.shape)
    with np.errstate(all="ignore"):  # what is in grad is the caller's business
        for k, c, ph, pw in np.ndindex(grad.shape):
            cell = int(argmax[k, c, ph, pw])
            if 0 <= cell < H * W:
                total[int(rois[k, 0]), c, cell // W, cell % W] += grad[k, c, ph, pw]
        out[:] = total
