"""The gradient by boxes, or by offsets, of the operations of weighted_cells.py.

A bin is a sum of weighted cells. With a weight its loss changes by the product of cell and gradient, added up
over channels; how the weights change with the box the function of each operation says. One table serves all
channels, and products are added up in float64. The plain kernel computes few channels, a RoI that no table
can hold, and one whose gradient is not finite.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roikit import _arrays
from roikit.cpu.fast import blocks, simd, weighted_cells
from roikit.cpu.fast._moving_cells import MovingCells
from roikit.cpu.fast.rows import TIMES_LONGER, by_rows
from roikit.cpu.fast.weighted_cells import Fill, Plain, Rows

#: Taps of a table.
TAPS = 2**17
#: So many channels are worth a table.
WORTH = 8


def backward_rois(
    grad: NDArray[Any], features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[np.float64],
    how: tuple[Any, ...], fill: Fill, plain: Plain, *, groups: int = 1, num_threads: int = 1,
) -> None:
    """out[k] = the gradient by the numbers of box k: (K, numbers), or of each bin (K, numbers, PH, PW)."""
    cells, bins = (groups, *features.shape[2:]), grad.shape[2:]
    few = not len(out) or grad.shape[1] < WORTH
    if few or weighted_cells.too_far(features, groups, cells[1:], bins):
        by_rows(plain, grad, features, rois, out, *how, rows=(0, 2, 3), out=(3,), num_threads=num_threads)
        return
    dtype = blocks.computed_in(features.dtype)
    in_line = features.dtype == dtype
    threads = blocks.threads_for(TIMES_LONGER * grad.size, num_threads)
    channels = blocks.of_channels(grad.shape[1], grad.shape[1] if in_line else weighted_cells.CONVERTED)
    moves = out.reshape(len(out), out.shape[1], -1)

    def piece(b: int, order: Rows) -> None:
        wide = dtype == np.float64
        table = MovingCells(cells, bins, wide, False, False, TAPS, simd.LEVEL, moves.shape[1])
        for filled, rows in weighted_cells.tables(table, rois, order, fill, how):
            found = np.full((len(rows), *moves.shape[1:]), np.nan)
            if filled is not None:
                table.moved(products(b, table, rows), found)
                moves[rows] = found
            wild = rows[~np.isfinite(found).all(axis=(1, 2))]
            if len(wild):
                again(b, wild)

    def products(b: int, table: MovingCells, rows: Rows) -> NDArray[np.float64]:
        totals = np.zeros(table.taps)
        for some in channels:
            maps = weighted_cells.by_group(weighted_cells.of_output(features[b], some, groups), groups)
            values, top, at = grad[:, some], 0, rows
            if not in_line:
                top, at = table.top, np.arange(len(rows))
                maps = weighted_cells.converted(maps[:, :, top : table.bottom], dtype)
                values = weighted_cells.converted(grad[rows, some], dtype)
            table.products(maps, top, values, at, totals)
        return totals

    def again(b: int, rows: Rows) -> None:
        values = np.empty((len(rows), *out.shape[1:]))
        image = features[b : b + 1]
        _arrays.widely(plain, (3,))(grad[rows], image, blocks.on_one_image(rois[rows]), values, *how)
        out[rows] = values

    for b, order in blocks.by_image(rois):
        parts = blocks.of_rois(len(order), 1 if threads == 1 else 2 * threads)
        blocks.run(piece, ((b, order[begin:end]) for begin, end in parts), threads)
