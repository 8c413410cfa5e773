"""Launches what finds how far boxes that are on a GPU turn orientations."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks


def orientation_shifts(
    device: Device, rois: Any, shifts: Any, num_orientations: int, turn: float, as_redet: bool,
    full_turn: float,
) -> None:
    """shifts (K, 2): of the angles in rois (K, 6), whole orientations and the part of one beyond these."""
    K = len(rois)
    if K == 0:
        return
    kernel = Kernel("riroi_align_rotated", "orientation_shifts", "float32")
    numbers = (
        np.int32(K), np.int32(num_orientations), np.float64(turn), np.int32(as_redet), np.float64(full_turn)
    )
    device.launch(kernel, (blocks(K), 1, 1), (THREADS, 1, 1), (rois, shifts, *numbers))
