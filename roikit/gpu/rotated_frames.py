"""Launches what makes cosines and sines of the angles of boxes that are on a GPU."""

from __future__ import annotations

from typing import Any

import numpy as np

from roikit.gpu.device import THREADS, Device, Kernel, blocks


def rotated_frames(device: Device, rois: Any, frames: Any, turn: float) -> None:
    """frames (K, 7): the first five columns of rois (K, 6), cosine and sine of the sixth."""
    K = len(rois)
    if K == 0:
        return
    kernel = Kernel("roi_align_rotated", "rotated_frames", "float32")
    device.launch(kernel, (blocks(K), 1, 1), (THREADS, 1, 1), (rois, frames, np.int32(K), np.float64(turn)))
