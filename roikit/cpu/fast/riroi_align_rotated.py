"""Rotation-invariant RoIAlign: the bins of `roi_align_rotated`, of a share of the RoIs at a time, mixed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu._riroi_align_rotated import riroi_align_rotated as plain
from roikit.cpu.fast import blocks, weighted_cells
from roikit.cpu.fast._orientations import mix_rows
from roikit.cpu.fast.roi_align_rotated import roi_align_rotated
from roikit.cpu.fast.rows import by_rows

#: Bytes of the bins that are not mixed yet.
MOST_BYTES = 2**27


def riroi_align_rotated(
    features: NDArray[Any], rois: NDArray[np.float64], shifts: NDArray[np.float64], out: NDArray[Any],
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, num_orientations: int,
    num_threads: int = 1,
) -> None:
    """out[k] = the bins of `roi_align_rotated`, mixed by shifts[k]: whole orientations, and the rest."""
    how = (spatial_scale, sampling_ratio, aligned)
    dtype = blocks.computed_in(out.dtype)
    too_far = weighted_cells.too_far(features, 1, features.shape[2:], out.shape[2:])
    if too_far or (features.dtype == dtype and are_few(features)):
        by_rows(
            plain, features, rois, shifts, out, *how, num_orientations,
            rows=(3, 1, 2), out=(3,), num_threads=num_threads,
        )
        return
    for begin, end in blocks.of_rois(len(out), 1 + out.size * dtype.itemsize // MOST_BYTES):
        bins = like(out[begin:end], dtype)
        roi_align_rotated(features, rois[begin:end], bins, *how, num_threads)
        each_share(mix_rows, bins, shifts[begin:end], out[begin:end], num_orientations, num_threads)


def are_few(maps: NDArray[Any]) -> bool:
    """Whether their channels are not worth a table, so that the plain kernel is faster."""
    return not weighted_cells.is_worth_it(maps.shape[1], 1, weighted_cells.are_runs(maps))


def like(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Room for the same, in the same order."""
    K, C, PH, PW = array.shape
    if blocks.channels_last(array):
        return np.moveaxis(np.empty((K, PH, PW, C), dtype), -1, 1)
    return np.empty(array.shape, dtype)


def each_share(
    work: Callable[..., None], given: NDArray[Any], shifts: NDArray[np.float64], into: NDArray[Any],
    num_orientations: int, num_threads: int,
) -> None:
    """Threads share the RoIs; halves are widened before, and rounded after."""

    def share(i: int, j: int) -> None:
        narrow = _arrays.is_half(given.dtype) or _arrays.is_half(into.dtype)
        compute = _arrays.widely(work) if narrow else work
        compute(given[i:j], shifts[i:j], into[i:j], num_orientations)

    threads = blocks.threads_for(into.size, num_threads)
    parts = max(4 * threads, 1 + into.nbytes // blocks.PIECE_BYTES)
    blocks.run(share, blocks.of_rois(len(into), parts), threads)
