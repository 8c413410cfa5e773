"""RoIAlign by blocks: the planes of a few channels serve all RoIs of an image before the next planes do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit.cpu._roi_align import roi_align as plain
from roikit.cpu.fast import blocks, simd
from roikit.cpu.fast._roi_align import Plan


def roi_align(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float,
    sampling_ratio: tuple[int, int], aligned: bool, mode: str, num_threads: int = 1,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    how = (spatial_scale, sampling_ratio, aligned, mode)
    dtype = blocks.computed_in(features.dtype)
    cells, bins = features.shape[2:], out.shape[2:]
    plane_bytes = cells[0] * cells[1] * dtype.itemsize
    threads = blocks.threads_for(out.size, num_threads)

    in_line = blocks.fits(features, dtype)

    def new_plan(order: NDArray[np.intp], most_bytes: int) -> Plan:
        return Plan(rois, order, cells, bins, *how, False, dtype == np.float64, most_bytes, simd.LEVEL)

    def piece(b: int, plan: Plan, order: NDArray[np.intp], channels: slice, begin: int, end: int) -> None:
        part = features[b, channels, plan.top : plan.bottom, plan.left : plan.right]
        planes, rows = blocks.in_line(part, dtype), order[begin:end]
        apart = not blocks.fits(out, dtype)
        values = np.empty((len(rows), len(planes), *bins), dtype) if apart else out[:, channels]
        wild = np.zeros((len(rows), len(planes)), np.uint8)
        plan.forward(planes, values, wild, begin, end, apart)
        with np.errstate(all="ignore"):
            if apart:
                out[rows, channels] = values
            for c, some in blocks.marked(wild):
                plane = blocks.in_line(features[b, channels.start + c], dtype)
                out[rows[some], channels.start + c] = plain_values(plane, rois[rows[some]], bins, how)

    for b, order in blocks.by_image(rois):
        while len(order):
            plan = new_plan(order, blocks.TABLES_BYTES)
            if not in_line and plan.covered < (plan.bottom - plan.top) * (plan.right - plan.left) // 4:
                plan = new_plan(order, 0)  # one RoI: less of the map to be copied
            work = blocks.pieces(plan.count, out, plane_bytes, threads)
            blocks.run(piece, ((b, plan, order, *part) for part in work), threads)
            order = order[plan.count :]


def plain_values(
    plane: NDArray[Any], rois: NDArray[np.float64], bins: tuple[int, int], how: tuple[Any, ...]
) -> NDArray[Any]:
    """What the plain kernel computes of one plane, (len(rois), PH, PW)."""
    boxes = rois.copy()
    boxes[:, 0] = 0
    values = np.empty((len(boxes), 1, *bins), plane.dtype)
    plain(plane[None, None], boxes, values, *how)
    return values[:, 0]
