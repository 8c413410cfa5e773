"""Precise RoI pooling: a bin's value is the mean of the bilinear surface over all of it, nothing sampled.

The surface has the value of cell i at i, and falls to 0 one cell beyond the map. Cut at the cells, a bin is a
few pieces; over a piece the surface is bilinear, and its mean is its value in the piece's middle.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Pieces(NamedTuple):
    """One axis of a bin: its piece from cell i to cell i + 1, for i = -1 .. length - 1.

    ::

            0       1       2       3            cells
            .    [--|-------|---]   .            a bin from 0.625 to 2.5: pieces of 0.375, 1 and 0.5
                  ^     ^     ^                  their middles: 0.8125, 0.5 and 0.25 behind cells 0, 1 and 2
    """

    size: NDArray[np.float64]  # in cells; 0 where the bin has no piece
    share: NDArray[np.float64]  # of the bin
    middle: NDArray[np.float64]  # how far behind cell i
    part: NDArray[np.float64]  # where the middle is in the box: 0 at its start, 1 at its end


def scale_axis(start: float, end: float, spatial_scale: float) -> tuple[float, float]:
    """Start and size, in cells, of one axis of a box; a reversed box is empty."""
    scaled = start * spatial_scale
    return scaled, max(end * spatial_scale - scaled, 0.0)


def pieces(p: int, start: float, size: float, bins: int, length: int) -> Pieces:
    """Those of bin p; exact also of a bin that is tiny, and of one that is far larger than the map."""
    i = np.arange(-1, length)
    bin_size = size / bins
    bin_start = start + p * bin_size
    before = np.clip(i - bin_start, 0.0, bin_size)  # what of the bin lies before cell i
    up_to_next = np.minimum(i + 1 - bin_start, 1.0)
    piece = np.maximum(np.minimum(up_to_next, bin_size - before), 0.0)
    middle = np.maximum(bin_start - i, 0.0) + piece / 2
    part = (p + (before + piece / 2) / bin_size) / bins
    return Pieces(piece, piece / bin_size, middle, part)


def reached(along: Pieces) -> NDArray[np.intp]:
    """The cells on the map at either end of a piece: these take part, also with weight 0."""
    return np.flatnonzero((along.size[1:] > 0) | (along.size[:-1] > 0))


def weights(along: Pieces) -> NDArray[np.float64]:
    """What each cell of the map weighs: something of the piece behind it, and of the one before it."""
    near, far = along.share * (1 - along.middle), along.share * along.middle
    return near[1:] + far[:-1]


def pool_bin(maps: NDArray[Any], rows: Pieces, columns: Pieces) -> NDArray[np.float64]:
    """Each channel's mean over one bin, (C,); 0 of an empty bin, and of one off the map."""
    w_y, w_x = weights(rows), weights(columns)
    total = np.zeros(len(maps))
    for y in reached(rows):
        row = np.zeros(len(maps))
        for x in reached(columns):
            row += w_x[x] * maps[:, y, x].astype(np.float64)
        total += w_y[y] * row
    return total


def pool_roi(
    maps: NDArray[Any], roi: NDArray[np.float64], out: NDArray[Any], spatial_scale: float
) -> None:
    """out[c, ph, pw] = the mean of the surface of maps[c] over bin (ph, pw)."""
    PH, PW = out.shape[1:]
    H, W = maps.shape[1:]
    _, x1, y1, x2, y2 = roi
    y_axis, x_axis = scale_axis(y1, y2, spatial_scale), scale_axis(x1, x2, spatial_scale)
    for ph, pw in np.ndindex(PH, PW):
        out[:, ph, pw] = pool_bin(maps, pieces(ph, *y_axis, PH, H), pieces(pw, *x_axis, PW, W))


def precise_roi_pool(
    features: NDArray[Any], rois: NDArray[np.float64], out: NDArray[Any], spatial_scale: float
) -> None:
    """out[k, c, ph, pw] = the mean of the bilinear surface of channel c over bin (ph, pw) of rois[k]."""
    with np.errstate(all="ignore"):  # what is in the map is the caller's business
        for roi, values in zip(rois, out, strict=True):
            pool_roi(features[int(roi[0])], roi, values, spatial_scale)
