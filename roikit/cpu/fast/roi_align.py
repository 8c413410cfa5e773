"""RoIAlign by blocks: the planes of a few channels serve all RoIs of an image before the next planes do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._roi_align import roi_align as plain
from roikit.cpu.fast import _channels_last, _roi_align, blocks, simd
from roikit.cpu.fast.rows import by_rows

Plan: TypeAlias = _roi_align.Plan | _channels_last.AlignPlan


def roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], aligned: bool, mode: str, empty_value: float = 0.0, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    how = (spatial_scale, sampling_ratio, aligned, mode)
    cells, bins = features.shape[2:], out.shape[2:]
    known = mode != "max_corners" and empty_value == 0  # by the tables
    if not known or blocks.too_far(cells, bins) or blocks.endless(features):
        by_rows(
            plain, features, rois, out, *how, empty_value, rows=(2, 1), out=(2,), num_threads=num_threads
        )
        return
    dtype = blocks.computed_in(features.dtype)
    last = blocks.channels_last(features)
    # As the kernels see them: (..., C, H, W), or (..., H, W, C) where channels lie side by side.
    seen, to = (blocks.turned(features), blocks.turned(out)) if last else (features, out)
    in_line, apart = blocks.fits(seen, dtype), not blocks.fits(to, dtype)
    size = blocks.block_size(cells, dtype)
    if last:  # a run of channels is what is fast here
        size = out.shape[1] if in_line else max(size, 64)
    threads = blocks.threads_for(out.size, num_threads)

    def new_plan(order: NDArray[np.intp]) -> Plan:
        kind = _channels_last.AlignPlan if last else _roi_align.Plan
        double = dtype == np.float64
        return kind(rois, order, cells, bins, *how, False, double, blocks.TABLES_BYTES, simd.LEVEL)

    def plans(order: NDArray[np.intp]) -> Iterator[tuple[Plan, NDArray[np.intp]]]:
        """Of RoIs that lie together, or each by itself where much between them would have to be copied."""
        alone = 0  # so many of the next
        while len(order):
            plan = new_plan(order[: 1 if alone else blocks.MOST_ROIS if in_line else blocks.MOST_COPIED])
            area = (plan.bottom - plan.top) * (plan.right - plan.left)
            if not in_line and plan.count > 1 and plan.covered < area // 4:
                alone = plan.count
                continue
            yield plan, order[: plan.count]
            order, alone = order[plan.count :], max(alone - 1, 0)

    def piece(b: int, plan: Plan, order: NDArray[np.intp], channels: slice, begin: int, end: int) -> None:
        part = features[b, channels, plan.top : plan.bottom, plan.left : plan.right]
        part = blocks.in_line(blocks.turned(part) if last else part, dtype)
        rows, wild = order[begin:end], np.zeros((end - begin, 1 if last else len(part)), np.uint8)
        values = blocks.turned(out[:, channels]) if last else out[:, channels]
        if apart:
            values = np.empty((len(rows), *values.shape[1:]), dtype)
        plan.forward(part, values, wild, begin, end, apart)
        with np.errstate(all="ignore"):
            if apart:
                out[rows, channels] = np.moveaxis(values, -1, 1) if last else values
            for c, some in blocks.marked(wild):
                which = channels if last else slice(channels.start + c, channels.start + c + 1)
                out[rows[some], which] = plain_values(features[b, which], rois[rows[some]], bins, how, dtype)

    for b, order in blocks.by_image(rois):
        for plan, rows in plans(order):
            work = blocks.pieces(plan.count, out, size, threads)
            blocks.run(piece, ((b, plan, rows, *part) for part in work), threads)


def plain_values(
    planes: NDArray[Any], rois: NDArray[np.float64], bins: tuple[int, ...], how: tuple[Any, ...],
    dtype: np.dtype[Any],
) -> NDArray[Any]:
    """What the plain kernel computes of some planes of one image, (len(rois), C, PH, PW)."""
    values = np.empty((len(rois), len(planes), *bins), dtype)
    plain(blocks.in_line(planes, dtype)[None], blocks.on_one_image(rois), values, *how)
    return values
