"""RoI pooling on a device: which kernel, and how many threads of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from roikit.convention import Convention
from roikit.gpu.device import (
    MOST_BLOCKS_X,
    MOST_BLOCKS_Y,
    SHARED_MEMORY,
    THREADS,
    Device,
    Kernel,
    blocks,
    is_channels_last,
    strides,
    value_size,
)

#: As in geometry.cuh.
ROUNDINGS = ("floor", "round_half_away", "round_half_even", "none")
SPLITS = ("overlap", "disjoint", "truncate", "absolute")
ARITHMETICS = ("exact", "float32", "float64")

#: Channels that a thread pools at a time, and that a block of `roi_pool_bins` does (roi_pool_fast.cu).
THREAD_CHANNELS = 4
BLOCK_CHANNELS = 128
#: Threads that one multiprocessor runs at a time.
RUNNING_THREADS = 2048
#: Boxes for which a block at least copies planes to shared memory.
FEWEST_BOXES = 64


def roi_pool(
    device: Device, features: Any, rois: Any, out: Any, argmax: Any, spatial_scale: float,
    convention: Convention, mode: str,
) -> None:
    """out[k, c, ph, pw] = maximum or average of channel c over a bin of rois[k]; argmax may be None."""
    if out.size:
        pool = _fastest(device, features, out)
        pool(device, features, rois, out, argmax, spatial_scale, convention, mode)


def _fastest(device: Device, features: Any, out: Any) -> Callable[..., None]:
    """The one place where a kernel is chosen, by what is known without a look at the boxes."""
    N, C, H, W = features.shape
    K, _, PH, PW = out.shape
    bins = PH * PW
    if device.plain or out.size <= device.processors * RUNNING_THREADS:
        return pool_plain  # all threads run at once: a second launch would take longer than it saves
    if max(H * W, 2 * K, 2 * C, bins * BLOCK_CHANNELS) >= 2**31 or C < THREAD_CHANNELS:
        return pool_plain  # the fast ones count in 32 bits, and pool four channels at a time
    few_boxes = K * bins < N * H * W  # fewer than would read each cell of a plane once
    if is_channels_last(features) or few_boxes or _planes_bytes(features) > _room(device):
        return pool_bins
    return pool_planes


def pool_plain(
    device: Device, features: Any, rois: Any, out: Any, argmax: Any, spatial_scale: float,
    convention: Convention, mode: str,
) -> None:
    """One thread an output."""
    kernel = Kernel("roi_pool", "roi_pool_plain", features.dtype.name, rois.dtype.name, _index(argmax))
    sizes = (*features.shape, len(rois), *out.shape[2:])
    arguments = (
        features, rois, out, argmax, *strides(features), *strides(out), *_argmax_strides(argmax),
        *map(np.int32, sizes), np.float64(spatial_scale), *rules(convention),
        np.int32(mode == "avg"), device.fault,
    )
    device.launch(kernel, (min(blocks(out.size), MOST_BLOCKS_X), 1, 1), (THREADS, 1, 1), arguments)


def pool_planes(
    device: Device, features: Any, rois: Any, out: Any, argmax: Any, spatial_scale: float,
    convention: Convention, mode: str,
) -> None:
    """Four channels of the map in a block's shared memory."""
    found = _find_edges(device, features, rois, out, spatial_scale, convention)
    N, C, H, W = features.shape
    K, _, PH, PW = out.shape
    kernel = Kernel("roi_pool_fast", "roi_pool_planes", features.dtype.name, index=_index(argmax))
    arguments = (
        features, *found, out, argmax,
        *strides(features), *strides(out), *_argmax_strides(argmax),
        *map(np.int32, (C, H, W, K, PH, PW)), np.float64(convention.empty_value), np.int32(mode == "avg"),
    )
    groups = N * blocks(C, THREAD_CHANNELS)
    fill_device = blocks(device.processors * RUNNING_THREADS, groups * THREADS)
    copies = max(min(fill_device, K // FEWEST_BOXES, MOST_BLOCKS_Y), 1)  # blocks that copy the same planes
    threads = _threads_of_whole_boxes(PH * PW)
    device.launch(kernel, (groups, copies, 1), (threads, 1, 1), arguments, _planes_bytes(features))


def pool_bins(
    device: Device, features: Any, rois: Any, out: Any, argmax: Any, spatial_scale: float,
    convention: Convention, mode: str,
) -> None:
    """The map where it is; a block for each box."""
    found = _find_edges(device, features, rois, out, spatial_scale, convention)
    C, _, W = features.shape[1:]
    K, _, PH, PW = out.shape
    kernel = Kernel("roi_pool_fast", "roi_pool_bins", features.dtype.name, index=_index(argmax))
    arguments = (
        features, *found, out, argmax,
        *strides(features), *strides(out), *_argmax_strides(argmax),
        *map(np.int32, (C, W, PH, PW)), np.float64(convention.empty_value), np.int32(mode == "avg"),
        np.int32(is_channels_last(features)),
    )
    chunks = min(blocks(C, BLOCK_CHANNELS), MOST_BLOCKS_Y)
    device.launch(kernel, (K, chunks, 1), (THREADS, 1, 1), arguments)


def _find_edges(
    device: Device, features: Any, rois: Any, out: Any, spatial_scale: float, convention: Convention
) -> tuple[Any, Any, Any]:
    """Each box's image, its bins' edges, and their lengths where cells off the map take part."""
    N, _, H, W = features.shape
    K, _, PH, PW = out.shape
    images = device.empty((K,), "int32")
    edges = device.empty((K, PH + PW, 2), "int32")
    lengths = device.empty((K, PH + PW), "int64") if convention.outside == "zero" else None
    kernel = Kernel("roi_pool_fast", "roi_pool_edges", "float32", rois.dtype.name)  # it reads no features
    arguments = (
        rois, images, edges, lengths, *map(np.int32, (N, H, W, K, PH, PW)), np.float64(spatial_scale),
        *rules(convention), device.fault,
    )
    device.launch(kernel, (blocks(K * (PH + PW)), 1, 1), (THREADS, 1, 1), arguments)
    return images, edges, lengths


def _planes_bytes(features: Any) -> int:
    """Shared memory for four channels of one image, as they are computed with."""
    H, W = features.shape[2:]
    return int(THREAD_CHANNELS * H * W * value_size(features))


def _room(device: Device) -> int:
    """Shared memory of a block, where a multiprocessor is to run three."""
    return max(device.shared_memory // 3, SHARED_MEMORY)


def _threads_of_whole_boxes(bins: int) -> int:
    """Threads of a block in which each has one bin of a whole number of boxes, in whole warps."""
    boxes = max(THREADS // bins, 1)
    return min(blocks(boxes * bins, 32) * 32, THREADS)


def _index(argmax: Any) -> str:
    return "int64" if argmax is None else str(argmax.dtype.name)


def _argmax_strides(argmax: Any) -> tuple[np.int64, ...]:
    return (np.int64(0),) * 4 if argmax is None else strides(argmax)


def rules(convention: Convention) -> tuple[Any, ...]:
    """A `Rules` of geometry.cuh, number by number; the kernels put it together."""
    minimum_size = convention.minimum_size
    return (
        np.int32(ROUNDINGS.index(convention.rounding)),
        np.int32(SPLITS.index(convention.split)),
        np.int32(ARITHMETICS.index(convention.arithmetic)),
        np.int32(convention.round_pixels),
        np.int32(convention.ends == "inclusive"),
        np.int32(convention.outside == "zero"),
        np.float64(-np.inf if minimum_size is None else minimum_size),
        np.float64(convention.empty_value),
        np.float64(convention.offset),
        *map(np.float64, convention.added_pixels),
    )
