"""How a large call is cut up: by image, by RoIs, by channels; and how threads share the pieces.

Pieces are cut by the arguments alone and write to places of their own, so the result has the same bits for
any number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bytes of the planes that all RoIs of an image are computed from before the next: they stay in L2.
PLANES_BYTES = 2**20
#: Bytes of the tables of one plan.
TABLES_BYTES = 2**26
#: Bytes of the output of one piece, which is made apart where `out` is not what a kernel can write to.
PIECE_BYTES = 2**25
#: Elements of output below which starting a thread costs more than it gives.
A_THREAD = 2**17


def by_image(rois: NDArray[np.float64]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each image that has RoIs, and their rows, from the top down: neighbours share what is in the cache."""
    order = np.lexsort((np.minimum(rois[:, 2], rois[:, 4]), rois[:, 0]))
    images, starts = np.unique(rois[order, 0], return_index=True)
    for b, rows in zip(images, np.split(order, starts)[1:], strict=True):
        yield int(b), rows


def computed_in(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """float64 for float64, float32 for all narrower ones."""
    return np.dtype(np.float64 if dtype == np.float64 else np.float32)


def threads_for(size: int, num_threads: int) -> int:
    """How many threads an output of this size is worth."""
    return max(1, min(num_threads, size // A_THREAD))


def of_channels(C: int, plane_bytes: int) -> list[slice]:
    """Blocks of channels whose planes stay in a cache."""
    size = max(1, PLANES_BYTES // max(plane_bytes, 1))
    return [slice(c, min(c + size, C)) for c in range(0, C, size)]


def of_rois(count: int, parts: int) -> list[tuple[int, int]]:
    """begin <= i < end, in about equal parts, at least one RoI each."""
    parts = max(1, min(parts, count))
    return [(count * part // parts, count * (part + 1) // parts) for part in range(parts)]


def pieces(
    count: int, out: NDArray[Any], plane_bytes: int, threads: int
) -> Iterator[tuple[slice, int, int]]:
    """Channels, and RoIs begin <= i < end of `count`: enough for all threads, none of a large output."""
    channels = of_channels(out.shape[1], plane_bytes)
    parts = 1 if threads == 1 else -(-2 * threads // max(len(channels), 1))
    for block in channels:
        piece_bytes = count * (block.stop - block.start) * out.shape[2] * out.shape[3] * 8
        for begin, end in of_rois(count, max(parts, 1 + piece_bytes // PIECE_BYTES)):
            yield block, begin, end


def run(work: Callable[..., None], pieces: Iterable[tuple[Any, ...]], threads: int) -> None:
    """work(*piece) for each piece, by so many threads, this one among them."""
    waiting = list(pieces)[::-1]
    failures: list[BaseException] = []

    def take() -> None:
        try:
            while waiting and not failures:
                try:
                    piece = waiting.pop()
                except IndexError:  # another thread took the last one
                    return
                work(*piece)
        except BaseException as failure:
            failures.append(failure)

    helpers = [threading.Thread(target=take) for _ in range(min(threads, len(waiting)) - 1)]
    started = []
    try:
        for helper in helpers:
            helper.start()
            started.append(helper)
    except RuntimeError:  # the system gives no more threads: those there are do the work
        pass
    take()
    for helper in started:
        helper.join()
    if failures:
        raise failures[0]


def in_line(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The array itself where a kernel can read it, else a copy."""
    if fits(array, dtype):
        return array
    with np.errstate(all="ignore"):
        return np.ascontiguousarray(array, dtype)


def in_parts(
    array: NDArray[Any], rows: NDArray[np.intp], channels: slice, dtype: np.dtype[Any]
) -> Iterator[tuple[NDArray[Any], int, int, bool]]:
    """array[:, channels] as a kernel can read it, for begin <= i < end of `rows`; a copy has these alone."""
    if fits(array, dtype):
        yield array[:, channels], 0, len(rows), False
        return
    row_bytes = (channels.stop - channels.start) * array.shape[2] * array.shape[3] * 8
    for begin, end in of_rois(len(rows), 1 + len(rows) * row_bytes // PIECE_BYTES):
        yield in_line(array[rows[begin:end], channels], dtype), begin, end, True


def fits(array: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    """Whether it is of this dtype, and the last axis without gaps."""
    return array.dtype == dtype and (array.strides[-1] == array.itemsize or array.shape[-1] == 1)


def marked(wild: NDArray[np.uint8]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Each column that has marks, and the rows of its marks."""
    for c in np.flatnonzero(wild.any(axis=0)):
        yield int(c), np.flatnonzero(wild[:, c])
