"""Operations whose bins are sums of a few weighted cells: one engine for all, and a small function for each.

The function says which cells the bins of a RoI read, and with which weights. A table of these, for many RoIs
of an image, is a sparse matrix S: the bins are S · map, and the gradient by the map is Sᵀ · grad, for all
channels alike. Threads share channels, or RoIs, or cells. The plain kernel computes a RoI that no table can
hold, and one with a NaN, an infinity or a number near it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu.fast import blocks, simd
from roikit.cpu.fast._weighted_cells import WeightedCells

Rows: TypeAlias = NDArray[np.intp]
#: fill(table, rois, rows, *how) puts the RoIs of these rows into the table, as long as there is room.
Fill: TypeAlias = Callable[..., None]
#: plain(features or grad, rois, out, *how) is the plain kernel.
Plain: TypeAlias = Callable[..., None]

#: Taps of a table. Of many RoIs what is packed is used often; it is not where bins have planes of their own.
MANY_TAPS, FEW_TAPS = 2**19, 2**15
#: Channels that are computed together at least, and those that are converted together at most.
BLOCK, CONVERTED = 32, 64
#: So many channels are worth a table, where those of a cell lie side by side, and elsewhere.
WORTH_OF_RUNS, WORTH = 6, 12


def too_far(array: NDArray[Any], groups: int, cells: tuple[int, ...], bins: tuple[int, ...]) -> bool:
    """Whether a table, which counts cells in 32 bits, could not hold the call, or a copy not the array."""
    return groups * cells[0] * cells[1] >= 2**31 or max(bins) > 2**10 or blocks.endless(array)


def is_worth_it(C: int, groups: int, runs: bool) -> bool:
    """Whether the plain kernel takes longer."""
    enough = WORTH_OF_RUNS if runs else WORTH
    return groups > 1 or enough <= C


def forward(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], how: tuple[Any, ...], fill: Fill,
    plain: Plain, *, groups: int = 1, num_threads: int = 1,
) -> None:
    """The bins out[k, c], which read channels c * groups ... of features."""
    if too_far(features, groups, features.shape[2:], out.shape[2:]):
        _arrays.widely(plain)(features, rois, out, *how)
        return
    dtype = blocks.computed_in(features.dtype)
    cells, bins = (groups, *features.shape[2:]), out.shape[2:]
    in_line = features.dtype == dtype
    runs = in_line and groups == 1 and are_runs(features)
    threads = blocks.threads_for(out.size, num_threads)
    if in_line and not is_worth_it(out.shape[1], groups, runs):
        parts = blocks.of_rois(len(rois), 1 if threads == 1 else 4 * threads)
        blocks.run(lambda i, j: plain(features, rois[i:j], out[i:j], *how), parts, threads)
        return

    def piece(b: int, table: WeightedCells, rows: Rows, channels: slice) -> None:
        top, maps = 0, by_group(of_output(features[b], channels, groups), groups)
        if not in_line:
            top, maps = table.top, converted(maps[:, :, table.top : table.bottom], dtype)
        apart = out.dtype != dtype
        values = np.empty((len(rows), len(maps), *bins), dtype) if apart else out[:, channels]
        wild = np.zeros((len(rows), len(maps)), np.uint8)
        at = np.arange(len(rows)) if apart else rows
        size = table.forward(maps, top, values, at, wild, apart)
        if apart:
            put(rows, channels, values)
        for block, some in blocks.marked(wild):
            again(b, rows[some], part_of(channels, block, size))

    def again(b: int, rows: Rows, channels: slice) -> None:
        values = np.empty((len(rows), channels.stop - channels.start, *bins), dtype)
        maps = blocks.in_line(of_output(features[b], channels, groups), dtype)
        plain(maps[None], blocks.on_one_image(rois[rows]), values, *how)
        put(rows, channels, values)

    def put(rows: Rows, channels: slice, values: NDArray[Any]) -> None:
        with np.errstate(all="ignore"):
            out[rows, channels] = values

    def in_turn(b: int, order: Rows, threads: int) -> None:
        """Table after table, and each for all channels."""
        for table, rows in tables(new(cells, bins, dtype, runs, gradient=False), rois, order, fill, how):
            if table is None:
                again(b, rows, slice(0, out.shape[1]))
                continue
            most = out.shape[1] if in_line else CONVERTED
            work = ((b, table, rows, some) for some in shares(out.shape[1], threads, most))
            blocks.run(piece, work, threads)

    for b, order in blocks.by_image(rois):
        if runs or threads * BLOCK > out.shape[1]:  # RoIs are the better thing to share
            parts = blocks.of_rois(len(order), 1 if threads == 1 else 2 * threads)
            blocks.run(in_turn, ((b, order[begin:end], 1) for begin, end in parts), threads)
        else:
            in_turn(b, order, threads)


def backward(
    grad: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], how: tuple[Any, ...], fill: Fill,
    plain: Plain, *, groups: int = 1, num_threads: int = 1,
) -> None:
    """What the bins grad[k, c] give back to channels c * groups ... of out."""
    if not out.size:
        return
    dtype = blocks.computed_in(grad.dtype)
    cells, bins = (groups, *out.shape[2:]), grad.shape[2:]
    runs = groups == 1 and grad.dtype == dtype and are_runs(out) and are_in_line(grad)
    few = grad.dtype == dtype and not is_worth_it(grad.shape[1], groups, runs)
    if few or too_far(out, groups, cells[1:], bins):
        _arrays.widely(plain)(grad, rois, out, *how)
        return
    threads = blocks.threads_for(grad.size + out.size, num_threads)
    channels = shares(grad.shape[1], threads, grad.shape[1] if grad.dtype == dtype else CONVERTED)
    orders = dict(blocks.by_image(rois))

    def image(total: NDArray[Any], order: Rows, runs: bool) -> bool:
        """Whether all went well: runs that are wild do not."""
        cleared, too_large = False, []
        for table, rows in tables(new(cells, bins, dtype, runs, gradient=True), rois, order, fill, how):
            if table is None:
                too_large.append(rows)  # added last: the first table may write where nothing is yet
                continue
            if not cleared and not table.whole:
                clear(total, threads)
            cleared = True
            if not runs:
                add(total, table, rows)
            elif add_runs(table, grad, rows, total, threads):
                return False
        if not cleared:
            clear(total, threads)
        for rows in too_large:
            again(total, rows, slice(0, grad.shape[1]))
        return True

    def add(total: NDArray[Any], table: WeightedCells, rows: Rows) -> None:
        parts = -(-threads // len(channels))  # of the cells
        marks = np.zeros((parts, len(rows), grad.shape[1]), np.uint8)

        def piece(some: slice, part: int) -> None:
            values, at = grad[:, some], rows
            if grad.dtype != dtype:
                values, at = converted(grad[rows, some], dtype), np.arange(len(rows))
            maps = by_group(of_output(total, some, groups), groups)
            table.backward(values, at, maps, marks[part, :, some], part, parts)

        blocks.run(piece, ((some, part) for some in channels for part in range(parts)), threads)
        for c, few in blocks.marked(marks[0]):
            again(total, rows[few], slice(c, min(c + BLOCK, grad.shape[1])))

    def again(total: NDArray[Any], rows: Rows, some: slice) -> None:
        planes = of_output(total, some, groups)
        given = np.empty((1, *planes.shape), dtype)
        plain(blocks.in_line(grad[rows, some], dtype), blocks.on_one_image(rois[rows]), given, *how)
        with np.errstate(all="ignore"):
            planes += given[0]

    for b in range(len(out)):
        order = orders.get(b, np.empty(0, np.intp))
        with blocks.target(out[b], dtype, groups == 1 and blocks.channels_last(out)) as total:
            if not (runs and image(total, order, runs=True)):
                image(total, order, runs=False)


def clear(planes: NDArray[Any], threads: int) -> None:
    def zero(rows: slice) -> None:
        planes[:, rows] = 0

    blocks.run(zero, ((rows,) for rows in blocks.of_channels(planes.shape[1], 64)), threads)


def add_runs(
    table: WeightedCells, grad: NDArray[Any], rows: Rows, total: NDArray[Any], threads: int
) -> bool:
    """What the bins give back to maps whose channels lie side by side; the answer is whether any is wild."""
    parts = 1 if threads == 1 else 4 * threads
    wild = np.zeros(parts, np.bool_)

    def piece(part: int) -> None:
        wild[part] = table.backward_runs(grad, rows, by_group(total, 1), part, parts)

    blocks.run(piece, ((part,) for part in range(parts)), threads)
    return bool(wild.any())


def new(
    cells: tuple[int, ...], bins: tuple[int, ...], dtype: np.dtype[Any], runs: bool, *, gradient: bool
) -> WeightedCells:
    most = FEW_TAPS if (runs and not gradient) or cells[0] > 1 else MANY_TAPS
    return WeightedCells(cells, bins, dtype == np.float64, runs, gradient, most, simd.LEVEL)


def tables(
    table: WeightedCells, rois: NDArray[np.float64], order: Rows, fill: Fill, how: tuple[Any, ...]
) -> Iterator[tuple[WeightedCells | None, Rows]]:
    """The table with as many RoIs as it holds, and their rows, again and again; None for one too large."""
    while len(order):
        table.clear()
        fill(table, rois, order, *how)
        if table.rois:
            table.close()
        taken = max(table.rois, 1)
        yield (table if table.rois else None), order[:taken]
        order = order[taken:]


def are_runs(array: NDArray[Any]) -> bool:
    """Whether the channels of a cell lie side by side, and cells at equal steps."""
    _, channel, row, column = array.strides
    return blocks.channels_last(array) and channel == array.itemsize and row == array.shape[3] * column


def are_in_line(array: NDArray[Any]) -> bool:
    """The same, and the bins of all RoIs, which can be counted in 32 bits."""
    bins = array.shape[2] * array.shape[3]
    return are_runs(array) and array.strides[0] == bins * array.strides[3] and len(array) * bins < 2**31


def shares(C: int, threads: int, most: int) -> list[slice]:
    """Whole blocks of channels, a share for each thread, or `most` at once."""
    each = -(-C // (BLOCK * threads)) * BLOCK
    return blocks.of_channels(C, max(1, min(each, most)))


def of_output(planes: NDArray[Any], channels: slice, groups: int) -> NDArray[Any]:
    """The planes of one image that these channels of the output read."""
    return planes[channels.start * groups : channels.stop * groups]


def by_group(planes: NDArray[Any], groups: int) -> NDArray[Any]:
    """(C * groups, H, W) as (C, groups, H, W): the same memory."""
    return planes[:, None] if groups == 1 else planes.reshape(-1, groups, *planes.shape[1:])


def part_of(channels: slice, block: int, size: int) -> slice:
    first = channels.start + block * size
    return slice(first, min(first + size, channels.stop))


def converted(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """A copy, laid out as the array is."""
    with np.errstate(all="ignore"):
        return array.astype(dtype)
