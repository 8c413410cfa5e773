"""The gradient of RoI max pooling by blocks: planes are zeroed, then all RoIs of the image add to them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu.fast import _channels_last_pool, _roi_pool_backward, blocks

#: Blocks of channels twice as large as elsewhere: little but the planes is read twice.
TIMES_LARGER = 2


def roi_pool_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], argmax: NDArray[Any], out: NDArray[Any],
    num_threads: int = 1,
) -> bool:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x.

    The answer is whether there was an index off the map, other than -1; it is left out.
    """
    dtype = blocks.computed_in(grad.dtype)
    last = blocks.channels_last(out)
    threads = blocks.threads_for(grad.size + out.size, num_threads)
    size = TIMES_LARGER * blocks.block_size(out.shape[2:], dtype)
    if last:
        size = blocks.run_size(out.shape[1], threads)
    orders = {b: np.sort(rows) for b, rows in blocks.by_image(rois)}

    met: list[int] = []

    def piece(b: int, total: NDArray[Any], channels: slice) -> None:
        planes, where = total[channels], argmax[:, channels]
        planes[...] = 0
        order = orders.get(b, np.empty(0, np.intp))
        for values, begin, end, packed in blocks.in_parts(grad, order, channels, dtype, last):
            rows = order[begin:end]
            if last:
                astray = _channels_last_pool.pool_backward(
                    values, blocks.turned(where), rows, blocks.turned(planes), packed
                )
            else:
                astray = _roi_pool_backward.pool_backward(values, where, rows, planes, packed)
            if astray:
                met.append(b)

    for b in range(len(out)):
        with blocks.target(out[b], dtype, last) as total:
            work = blocks.of_channels(out.shape[1], size)
            blocks.run(piece, ((b, total, channels) for channels in work), threads)
    return bool(met)
