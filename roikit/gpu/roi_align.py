"""RoIAlign on a device: which kernel, and how it is launched."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from roikit.gpu.device import (
    MOST_BLOCKS_Y,
    THREADS,
    Device,
    Kernel,
    Size,
    address,
    blocks,
    is_channels_last,
    strides,
    value_size,
)
from roikit.gpu.maxima import MODES

#: Bins a side that the fast kernels have tables for (roi_align_fast.cu).
MOST_BINS = 32
#: Bytes of shared memory for a block's tile: what is left of a multiprocessor's goes to other blocks.
TILE = 28 * 1024
#: Lanes of a warp.
LANES = 32
#: Bytes that a lane reads at a time.
VECTOR = 16
#: Blocks of the readable kernel, whose threads each go on until all is done.
MOST_BLOCKS = 2**20


class Launch(NamedTuple):
    """A kernel, and how many cells its tile has room for; None where it has no tile."""

    file: str
    name: str
    grid: Size
    block: Size
    cells: int | None = None
    shared_memory: int = 0


def roi_align(
    device: Device, features: Any, rois: Any, out: Any,
    spatial_scale: float, sampling_ratio: tuple[int, int], aligned: bool, mode: str, empty_value: float = 0.0,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    if out.size == 0:
        return
    launch = _plain(out)
    known = mode != "max_corners" and empty_value == 0  # by the fast kernels
    if not device.plain and known and _has_tables(features, out):
        launch = _nhwc(features, out) if is_channels_last(features) else _nchw(features, out)
    last: Any = np.float64(empty_value) if launch.cells is None else np.int32(launch.cells)
    arguments = (
        features, rois, out, *strides(features), *strides(out),
        *map(np.int32, (*features.shape, len(rois), *out.shape[2:])),
        np.float64(spatial_scale), *map(np.int32, sampling_ratio), np.int32(aligned),
        np.int32(MODES.index(mode)), last, device.fault,
    )
    kernel = Kernel(launch.file, launch.name, features.dtype.name, rois.dtype.name)
    device.launch(kernel, launch.grid, launch.block, arguments, launch.shared_memory)


def _has_tables(features: Any, out: Any) -> bool:
    """Whether a fast kernel takes these arrays; all but huge or scattered ones.

    They count a map's cells in an int, read neighbours in memory and write bins in one piece.
    """
    extent = sum((n - 1) * step for n, step in zip(features.shape[2:], strides(features)[2:], strict=True))
    in_order = is_channels_last(features) or strides(features)[3] == 1
    whole = out.flags.c_contiguous or is_channels_last(out)
    return bool(
        max(out.shape[2:]) <= MOST_BINS and out.shape[1] <= MOST_BLOCKS_Y and 0 <= extent < 2**31
        and in_order and whole
    )


def _plain(out: Any) -> Launch:
    return Launch("roi_align", "roi_align_plain", (min(blocks(out.size), MOST_BLOCKS), 1, 1), (THREADS, 1, 1))


def _nchw(features: Any, out: Any) -> Launch:
    """A block for 32 channels of a RoI: lanes are columns while the map is read, channels afterwards."""
    K, C = out.shape[:2]
    cell = (LANES + 1) * value_size(features)
    cells = TILE // cell
    grid, block = (K, blocks(C, LANES), 1), (THREADS, 1, 1)
    return Launch("roi_align_fast", "roi_align_nchw", grid, block, cells, cells * cell)


def _nhwc(features: Any, out: Any) -> Launch:
    """A block for some channels of a RoI, all in one row of lanes, each of which reads 16 bytes."""
    K, C = out.shape[:2]
    size = features.dtype.itemsize
    count = VECTOR // size
    whole = C % count == 0 and address(features) % VECTOR == 0 and address(out) % VECTOR == 0
    name = "roi_align_nhwc" if whole else "roi_align_nhwc_single"
    count = count if whole else 1
    # For halves 16 lanes, 128 channels: the tile holds them as float.
    lanes = min(LANES, 128 // count, 1 << (blocks(C, count) - 1).bit_length())
    grid, block = (K, blocks(C, lanes * count), 1), (lanes, THREADS // lanes, 1)
    if is_channels_last(out):
        return Launch("roi_align_fast_nhwc", name, grid, block, 0)
    width = lanes * count
    cell = ((width + width // LANES) | 1) * value_size(features)  # pitch_of() in roi_align_plan.cuh
    cells = min(TILE // cell, out.shape[2] * out.shape[3])
    return Launch("roi_align_fast_nhwc", name, grid, block, cells, cells * cell)
