"""The gradient of border align by the map, by several threads, which share the channels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu._border_align_backward import planes
from roikit.cpu.fast import blocks

#: Channels of a piece.
SOME = 16


def border_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any], out: NDArray[Any],
    spatial_scale: float, pool_size: int, num_threads: int = 1,
) -> None:
    """out[n, side * C + c, y, x] = sum of grad[k, c, side], each times that cell's weight at its point."""
    threads = blocks.threads_for(grad.size + out.size, num_threads)

    def shared(
        grad: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any], out: NDArray[Any]
    ) -> None:
        def piece(some: slice) -> None:
            planes(grad, rois, argmax, out, spatial_scale, pool_size, some.start, some.stop)

        blocks.run(piece, ((some,) for some in blocks.of_channels(out.shape[1], SOME)), threads)

    _arrays.widely(shared, (3,))(grad, rois, argmax, out)
