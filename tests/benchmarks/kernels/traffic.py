"""Bytes that a call cannot avoid to move: each map cell it needs once, its output once."""

from __future__ import annotations

import numpy as np
from workloads import Workload

FLOAT = ARGMAX = 4


def bytes_moved(work: Workload) -> int:
    """A gradient reads that of the output (and the argmax) and writes the whole map."""
    values = int(np.prod(work.output_shape)) * FLOAT
    argmax = values // FLOAT * ARGMAX if work.argmax or work.operation == "roi_pool_backward" else 0
    whole = work.operation.endswith("_backward")
    cells = work.height * work.width if whole else int(touched(work).sum())
    return cells * work.channels * FLOAT + values + argmax


def touched(work: Workload) -> np.ndarray:
    """(H, W) bool: the cells that some RoI needs."""
    cells = np.zeros((work.height, work.width), bool)
    axis = _sampled if work.operation.startswith("roi_align") else _pooled
    for x1, y1, x2, y2 in work.boxes.astype(np.float64) * work.scale:
        rows = axis(work, y1, y2, work.bins[0], work.height)
        columns = axis(work, x1, x2, work.bins[1], work.width)
        cells[np.ix_(rows, columns)] = True
    return cells


def _sampled(work: Workload, start: float, end: float, bins: int, length: int) -> np.ndarray:
    """The neighbours of a box's sample points along one axis."""
    size = end - start if work.aligned else max(end - start, 1.0)
    samples = bins * (work.ratio or int(np.ceil(size / bins)))
    points = start - 0.5 * work.aligned + (np.arange(samples) + 0.5) * size / samples
    inside = np.clip(points[(points >= -1) & (points <= length)], 0, length - 1)
    return np.unique([np.floor(inside), np.ceil(inside)]).astype(int)


def _pooled(_work: Workload, start: float, end: float, _bins: int, length: int) -> np.ndarray:
    """The cells of a box along one axis, by Caffe's rule: both rounded, both inside."""
    first, last = np.floor(start + 0.5), np.floor(end + 0.5)
    cells = np.arange(first, max(first, last) + 1)
    return cells[(cells >= 0) & (cells < length)].astype(int)
