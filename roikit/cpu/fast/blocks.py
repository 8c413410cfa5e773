"""How a large call is cut up: by image, by RoIs, by channels; and how threads share the pieces.

How it is cut does not change what is added to what, and pieces write to places of their own, so the result
has the same bits for any number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bytes of the planes that all RoIs of an image are computed from before the next: they stay in L2.
PLANES_BYTES = 2**20
#: Bytes of the tables of one plan.
TABLES_BYTES = 2**26
#: Bytes of the output of one piece, which is made apart where `out` is not what a kernel can write to.
PIECE_BYTES = 2**25
#: RoIs of one plan at most.
MOST_ROIS = 2**15
#: The same where the part of the map that they read has to be copied: a band of it, since RoIs are sorted.
MOST_COPIED = 2**8
#: Elements of output below which starting a thread costs more than it gives.
A_THREAD = 2**17


def by_image(rois: NDArray[np.float64]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each image that has RoIs, and their rows, from the top down: neighbours share what is in the cache."""
    order = np.lexsort((np.minimum(rois[:, 2], rois[:, 4]), rois[:, 0]))
    images, starts = np.unique(rois[order, 0], return_index=True)
    for b, rows in zip(images, np.split(order, starts)[1:], strict=True):
        yield int(b), rows


def on_one_image(rois: NDArray[np.float64]) -> NDArray[np.float64]:
    """A copy of the rows, for a batch of their image alone."""
    boxes = rois.copy()
    boxes[:, 0] = 0
    return boxes


def computed_in(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """float64 for float64, float32 for all narrower ones."""
    return np.dtype(np.float64 if dtype == np.float64 else np.float32)


def threads_for(size: int, num_threads: int) -> int:
    """How many threads an output of this size is worth."""
    return max(1, min(num_threads, size // A_THREAD))


def block_size(cells: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """How many channels have planes that stay in a cache together."""
    return max(1, PLANES_BYTES // max(cells[0] * cells[1] * dtype.itemsize, 1))


def run_size(C: int, threads: int) -> int:
    """The same with the channels last: a share for each thread, of whole runs of 64."""
    return max(64, -(-C // (64 * threads)) * 64)


def of_channels(C: int, size: int) -> list[slice]:
    """Blocks of so many channels."""
    return [slice(c, min(c + size, C)) for c in range(0, C, size)]


def of_rois(count: int, parts: int) -> list[tuple[int, int]]:
    """begin <= i < end, in about equal parts, at least one RoI each."""
    parts = max(1, min(parts, count))
    return [(count * part // parts, count * (part + 1) // parts) for part in range(parts)]


def pieces(count: int, out: NDArray[Any], size: int, threads: int) -> Iterator[tuple[slice, int, int]]:
    """Blocks of channels, and RoIs begin <= i < end of `count`: enough for all threads, none large."""
    channels = of_channels(out.shape[1], size)
    parts = 1 if threads == 1 else -(-2 * threads // max(len(channels), 1))
    for block in channels:
        piece_bytes = count * (block.stop - block.start) * out.shape[2] * out.shape[3] * 8
        for begin, end in of_rois(count, max(parts, 1 + piece_bytes // PIECE_BYTES)):
            yield block, begin, end


def far_apart(pieces: list[Any], threads: int) -> list[Any]:
    """Neighbours write to the same cache lines where they meet: threads do them at different times."""
    share = -(-len(pieces) // threads)
    return [piece for start in range(share) for piece in pieces[start::share]]


def run(work: Callable[..., None], pieces: Iterable[tuple[Any, ...]], threads: int) -> None:
    """work(*piece) for each piece, by so many threads, this one among them."""
    waiting = far_apart(list(pieces), threads)[::-1]
    failures: list[BaseException] = []

    def take() -> None:
        try:
            while waiting and not failures:
                try:
                    piece = waiting.pop()
                except IndexError:  # another thread took the last one
                    return
                work(*piece)
        except BaseException as failure:  # raised below, in the thread of the caller
            failures.append(failure)

    started = []
    try:
        for _ in range(min(threads, len(waiting)) - 1):
            helper = threading.Thread(target=take)
            try:
                helper.start()
            except RuntimeError:  # the system gives no more threads: those there are do the work
                break
            started.append(helper)
        take()
    except BaseException as interrupt:
        failures.append(interrupt)
    finish(started, failures)
    if failures:
        raise failures[0]


def finish(helpers: list[threading.Thread], failures: list[BaseException]) -> None:
    """Wait for all; an interrupt makes them stop after the piece that they are at, and is not lost."""
    while helpers:
        try:
            helpers[-1].join()
            helpers.pop()
        except BaseException as interrupt:
            failures.append(interrupt)


def in_line(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The array itself where a kernel can read it, else a copy."""
    if fits(array, dtype):
        return array
    with np.errstate(all="ignore"):
        return np.ascontiguousarray(array, dtype)


def channels_last(array: NDArray[Any]) -> bool:
    """Whether the numbers of one cell lie side by side, and those of one row do not."""
    return array.strides[1] == array.itemsize and array.shape[1] > 1 and array.strides[3] != array.itemsize


def turned(array: NDArray[Any]) -> NDArray[Any]:
    """(..., C, H, W) as (..., H, W, C): the same memory."""
    return np.moveaxis(array, -3, -1)


def too_far(cells: tuple[int, ...], bins: tuple[int, ...]) -> bool:
    """Whether the tables of the fast kernels, which count in 32 bits, could not hold such a call."""
    return max(cells) >= 2**31 or max(bins) > 2**10


def endless(array: NDArray[Any]) -> bool:
    """Whether it has to be copied, but can be far larger than any copy: its cells are the same memory."""
    copied = array.itemsize not in (array.strides[3], array.strides[1]) or array.itemsize == 2
    axes = zip(array.strides[2:], array.shape[2:], strict=True)
    return copied and any(step == 0 and side > 1 for step, side in axes)


def in_parts(
    array: NDArray[Any], rows: NDArray[np.intp], channels: slice, dtype: np.dtype[Any], last: bool
) -> Iterator[tuple[NDArray[Any], int, int, bool]]:
    """array[:, channels] as a kernel can read it, for begin <= i < end of `rows`; a copy has these alone."""
    part = turned(array[:, channels]) if last else array[:, channels]
    if fits(part, dtype):
        yield part, 0, len(rows), False
        return
    for begin, end in of_rois(len(rows), 1 + len(rows) * part[:1].size * 8 // PIECE_BYTES):
        yield in_line(part[rows[begin:end]], dtype), begin, end, True


def fits(array: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    """Whether it is of this dtype, and the last axis without gaps."""
    return array.dtype == dtype and (array.strides[-1] == array.itemsize or array.shape[-1] == 1)


@contextmanager
def target(out: NDArray[Any], dtype: np.dtype[Any], last: bool) -> Iterator[NDArray[Any]]:
    """One image (C, H, W) as a kernel can write to it: `out` itself, or what is copied to it in the end."""
    if fits(turned(out) if last else out, dtype):
        yield out
        return
    C, H, W = out.shape
    total = np.moveaxis(np.empty((H, W, C), dtype), -1, 0) if last else np.empty(out.shape, dtype)
    yield total
    with np.errstate(all="ignore"):
        out[...] = total


def marked(wild: NDArray[np.uint8]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each column that has marks, and the rows of its marks."""
    for c in np.flatnonzero(wild.any(axis=0)):
        yield int(c), np.flatnonzero(wild[:, c])
