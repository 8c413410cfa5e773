"""The gradient of RoIAlign by blocks: planes are zeroed, then all RoIs of the image add to them.

That of maxima is the plain kernel's, of channels that threads share.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu._roi_align_backward import roi_align_backward as plain
from roikit.cpu.fast import _channels_last, _roi_align, blocks, simd
from roikit.cpu.fast.channels import by_channels

Plan: TypeAlias = _roi_align.Plan | _channels_last.AlignPlan


def roi_align_backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], aligned: bool, mode: str = "avg", features: NDArray[Any] | None = None,
    empty_value: float = 0.0, num_threads: int = 1,
) -> None:
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    how = (spatial_scale, sampling_ratio, aligned)
    cells, bins = out.shape[2:], grad.shape[2:]
    if mode != "avg":
        by_channels(
            plain, grad, rois, out, *how, mode, features, empty_value, bins=0, maps=(2, 7), out=(2,),
            num_threads=num_threads,
        )
        return
    if blocks.too_far(cells, bins):
        _arrays.widely(plain)(grad, rois, out, *how)
        return
    dtype = blocks.computed_in(grad.dtype)
    last = blocks.channels_last(out)
    threads = blocks.threads_for(grad.size + out.size, num_threads)
    size = blocks.run_size(out.shape[1], threads) if last else blocks.block_size(cells, dtype)

    def new_plan(order: NDArray[np.intp]) -> Plan:
        kind = _channels_last.AlignPlan if last else _roi_align.Plan
        double = dtype == np.float64
        return kind(rois, order, cells, bins, *how, "avg", True, double, blocks.TABLES_BYTES, simd.LEVEL)

    def piece(
        total: NDArray[Any], plan: Plan, rows: NDArray[np.intp], first: bool, channels: slice
    ) -> None:
        planes = total[channels]
        if first:
            planes[...] = 0
        for values, begin, end, packed in blocks.in_parts(grad, rows, channels, dtype, last):
            wild = np.zeros((end - begin, 1 if last else len(planes)), np.uint8)
            plan.backward(values, blocks.turned(planes) if last else planes, wild, begin, end, packed)
            for c, some in blocks.marked(wild):
                of = rows[begin + some]
                which = slice(None) if last else slice(c, c + 1)
                planes[which] += plain_planes(grad[of, channels][:, which], rois[of], cells, how, dtype)

    def image(total: NDArray[Any], order: NDArray[np.intp]) -> None:
        first = True
        while first or len(order):
            plan = new_plan(order[: blocks.MOST_ROIS])
            rows, order = order[: plan.count], order[plan.count :]
            work = blocks.of_channels(out.shape[1], size)
            blocks.run(piece, ((total, plan, rows, first, channels) for channels in work), threads)
            first = False

    orders = dict(blocks.by_image(rois))
    for b in range(len(out)):
        with blocks.target(out[b], dtype, last) as total:
            image(total, orders.get(b, np.empty(0, np.intp)))


def plain_planes(
    grad: NDArray[Any], rois: NDArray[np.float64], cells: tuple[int, ...], how: tuple[Any, ...],
    dtype: np.dtype[Any],
) -> NDArray[Any]:
    """What the plain kernel gives back to some planes of one image."""
    planes = np.empty((1, grad.shape[1], *cells), dtype)
    plain(np.ascontiguousarray(grad, dtype), blocks.on_one_image(rois), planes, *how)
    return planes[0]
