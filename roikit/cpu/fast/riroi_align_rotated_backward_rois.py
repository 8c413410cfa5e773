"""The gradient of rotation-invariant RoIAlign by the boxes, by several threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._riroi_align_rotated_backward_rois import riroi_align_rotated_backward_rois as plain
from roikit.cpu.fast.rows import by_rows


def riroi_align_rotated_backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], shifts: NDArray[np.float64],
    out: NDArray[np.float64], spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool,
    num_orientations: int, turn: float, steps: float, num_threads: int = 1,
) -> None:
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle."""
    by_rows(
        plain, grad, features, rois, shifts, out, spatial_scale, sampling_ratio, aligned, num_orientations,
        turn, steps, rows=(0, 2, 3, 4), out=(4,), num_threads=num_threads,
    )
