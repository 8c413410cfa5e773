"""The face of `bin_edges`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roikit import _validate
from roikit._dispatch import kernel
from roikit.convention import FARTHEST_CELL, Convention


def bin_edges(length: int, bins: int, *, convention: str | Convention = "caffe") -> NDArray[np.int64]:
    """Cut a range of cells into bins: RoI pooling's second quantization, in exact integers.

    Parameters
    ----------
    length : int
        Number of feature-map cells, 0 .. 4 * 2**40.
    bins : int
        Number of bins, 1 .. 2**20.
    convention : str or Convention, default "caffe"
        Its `split` says where a bin starts and ends, and its `arithmetic` how that is computed; see
        `Convention`. One that leaves real ends ("mmcv", "rfcn", "chainercv") is refused.

    Returns
    -------
    (bins, 2) int64
        Start and end of each bin in cells, half-open, counted from the range's first cell. A bin may be
        empty, and with the split "overlap" neighbours may share a cell.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value.

    References
    ----------
    Girshick, "Fast R-CNN", ICCV 2015, section 2.1: the RoI pooling layer.

    Examples
    --------
    >>> from roikit import bin_edges
    >>> bin_edges(7, 2, convention="disjoint").tolist()      # 3 + 4 cells
    [[0, 3], [3, 7]]
    >>> bin_edges(7, 2, convention="caffe").tolist()         # cell 3 is in both
    [[0, 4], [3, 7]]
    >>> bin_edges(20, 7, convention="truncate")[-1].tolist()  # 20/7 = 2.857... -> 2: 6 cells are dropped
    [12, 14]
    """
    cells = _validate.whole_number("length", length, 0, 4 * FARTHEST_CELL)
    parts = _validate.whole_number("bins", bins, 1, _validate.MOST_BINS)
    rules = _validate.whole_cells("bin_edges", _validate.convention(convention))
    out = np.empty((parts, 2), np.int64)
    kernel("bin_edges")(cells, out, rules)
    return out
