"""The gradient of average RoIAlign by blocks: planes are zeroed, then all RoIs of the image add to them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._roi_align_backward import roi_align_backward as plain
from roikit.cpu.fast import blocks, simd
from roikit.cpu.fast._roi_align import Plan


def roi_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], aligned: bool, num_threads: int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, sampling_ratio, aligned)
    dtype = blocks.computed_in(grad.dtype)
    cells, bins = out.shape[2:], grad.shape[2:]
    threads = blocks.threads_for(grad.size + out.size, num_threads)

    def piece(total: NDArray[Any], plan: Plan, rows: NDArray[np.intp], new: bool, channels: slice) -> None:
        planes = total[channels]
        if new:
            planes[...] = 0
        for values, begin, end, packed in blocks.in_parts(grad, rows, channels, dtype):
            wild = np.zeros((end - begin, len(planes)), np.uint8)
            plan.backward(values, planes, wild, begin, end, packed)
            for c, some in blocks.marked(wild):
                of = begin + some
                planes[c] += plain_plane(values[some if packed else rows[of], c], rois[rows[of]], cells, how)

    orders = dict(blocks.by_image(rois))
    for b in range(len(out)):
        order = orders.get(b, np.empty(0, np.intp))
        apart = not blocks.fits(out, dtype)
        total = np.empty(out.shape[1:], dtype) if apart else out[b]
        new = True
        while new or len(order):
            in_double = dtype == np.float64
            plan = Plan(
                rois, order, cells, bins, *how, "avg", True, in_double, blocks.TABLES_BYTES, simd.LEVEL
            )
            rows, order = order[: plan.count], order[plan.count :]
            work = blocks.of_channels(out.shape[1], cells[0] * cells[1] * dtype.itemsize)
            blocks.run(piece, ((total, plan, rows, new, channels) for channels in work), threads)
            new = False
        if apart:
            with np.errstate(all="ignore"):
                out[b] = total


def plain_plane(
    grad: NDArray[Any], rois: NDArray[np.float64], cells: tuple[int, int], how: tuple[Any, ...]
) -> NDArray[Any]:
    """What the plain kernel gives back to one plane."""
    boxes = rois.copy()
    boxes[:, 0] = 0
    plane = np.empty((1, 1, *cells), grad.dtype)
    plain(np.ascontiguousarray(grad)[:, None], boxes, plane, *how)
    return plane[0, 0]
