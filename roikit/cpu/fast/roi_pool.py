"""RoI pooling by blocks: the planes of a few channels serve all RoIs of an image before the next ones do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu._roi_pool import roi_pool as plain
from roikit.cpu.fast import _channels_last_pool, blocks, simd
from roikit.cpu.fast._roi_pool import PoolPlan


def roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], argmax: NDArray[Any] | None,
    spatial_scale: float, convention: Any, mode: str, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c over a bin of rois[k]; argmax may be None."""
    how = (spatial_scale, convention, mode)
    cells, bins = features.shape[2:], out.shape[2:]
    if blocks.too_far((cells[0] * cells[1],), bins) or blocks.endless(features):
        _arrays.widely(plain, (2, 3))(features, rois, out, argmax, *how)
        return
    dtype = blocks.computed_in(features.dtype)
    last = mode == "max" and blocks.channels_last(features)
    threads = blocks.threads_for(out.size, num_threads)
    size = blocks.block_size(cells, dtype)
    if last:  # a run of channels is what is fast here
        size = out.shape[1] if features.dtype == dtype else max(size, 64)

    def new_plan(order: NDArray[np.intp]) -> PoolPlan:
        return PoolPlan(rois, order, cells, bins, *how, dtype == np.float64, blocks.TABLES_BYTES, simd.LEVEL)

    def piece(
        b: int, plan: PoolPlan | None, order: NDArray[np.intp], channels: slice, begin: int, end: int
    ) -> None:
        rows = order[begin:end]
        planes, values = features[b, channels], out[:, channels]
        where = None if argmax is None else argmax[:, channels]
        if last:
            planes, values = blocks.turned(planes), blocks.turned(values)
            where = None if where is None else blocks.turned(where)
        planes = blocks.in_line(planes, dtype)
        wild = np.zeros((len(rows), 1 if last else len(planes)), np.uint8)
        apart = not blocks.fits(values, dtype)
        if last and where is not None:
            apart = apart or not blocks.fits(where, where.dtype)
        if apart:
            values = np.empty((len(rows), *values.shape[1:]), dtype)
            where = None if where is None else np.empty(values.shape, where.dtype)
        if plan is None:
            _channels_last_pool.roi_pool(
                planes, rois, rows, values, where, spatial_scale, convention, wild, apart, simd.LEVEL
            )
        else:
            plan.forward(planes, values, where, wild, begin, end, apart)
        if apart:
            with np.errstate(all="ignore"):
                out[rows, channels] = np.moveaxis(values, -1, 1) if last else values
            if argmax is not None and where is not None:
                argmax[rows, channels] = np.moveaxis(where, -1, 1) if last else where
        for c, some in blocks.marked(wild):
            redo(b, rows[some], channels if last else slice(channels.start + c, channels.start + c + 1))

    def redo(b: int, rows: NDArray[np.intp], channels: slice) -> None:
        """By the plain kernel: some channels of some RoIs."""
        boxes = blocks.on_one_image(rois[rows])
        values = np.empty((len(rows), channels.stop - channels.start, *bins), dtype)
        where = None if argmax is None else np.empty(values.shape, np.int64)
        plain(blocks.in_line(features[b, channels], dtype)[None], boxes, values, where, *how)
        with np.errstate(all="ignore"):
            out[rows, channels] = values
        if argmax is not None:
            argmax[rows, channels] = where

    for b, order in blocks.by_image(rois):
        while len(order):
            plan = None if last else new_plan(order[: blocks.MOST_ROIS])
            count = len(order) if plan is None else plan.count
            work = blocks.pieces(count, out, size, threads)
            blocks.run(piece, ((b, plan, order, *part) for part in work), threads)
            order = order[count:]
