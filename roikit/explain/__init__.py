"""How an operation came to its output: the boxes, bins, sample points and weights, in words and pictures.

Each function takes the arguments of the operation of the same name and gives an explanation, not the output:

>>> from roikit import examples, explain
>>> pooling = explain.roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), convention="disjoint")
>>> print(pooling.bin(0, 0, 1, 0).sentence)
bin (1, 0) of RoI 0, channel 0: rows 5..7, columns 0..2; maximum 0.97 at (7, 2)

`bin` gives a record of everything that went into one value: ``print(record)`` derives it step by step, and a
notebook shows the derivation beside the picture. ``picture()`` of the explanation draws one RoI on one
channel, as does ``draw(ax)`` on matplotlib's axes; a notebook shows the explanation itself as a picture of
RoI 0, channel 0. It reads the feature map when it is asked: of a map that has been changed since, it tells
what is there now. `roikit.compare` has the same call under several conventions side by side.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from roikit import _arrays, _validate
from roikit._svg import Picture
from roikit.convention import FARTHEST_CELL, Convention

from ._align import RoiAlignExplanation
from ._bilinear import BilinearExplanation
from ._explanation import Explanation
from ._pool import RoiPoolExplanation
from ._records import AlignBin, CellRange, InterpolatedPoint, PoolBin, Sampled
from ._strip import BinsExplanation

__all__ = [
    "AlignBin",
    "BilinearExplanation",
    "BinsExplanation",
    "CellRange",
    "Explanation",
    "InterpolatedPoint",
    "Picture",
    "PoolBin",
    "RoiAlignExplanation",
    "RoiPoolExplanation",
    "Sampled",
    "bilinear_interpolate",
    "bins",
    "roi_align",
    "roi_pool",
]


def roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    *,
    convention: str | Convention = "caffe",
    mode: str = "max",
) -> RoiPoolExplanation:
    """Explain `roikit.roi_pool`, which has the same parameters and refuses the same arguments.

    Parameters
    ----------
    features : (N, C, H, W) array, float32 or float64
    rois : (K, 5) array of batch index, x1, y1, x2, y2, or list of N arrays (L, 4)
        In image pixels.
    output_size : int or (height, width)
    spatial_scale : float, default 1.0
        Cells per image pixel.
    convention : str or Convention, default "caffe"
    mode : {"max", "avg"}, default "max"

    Returns
    -------
    RoiPoolExplanation
        Its `bin(k, c, ph, pw)` is a `PoolBin`.

    Raises
    ------
    TypeError, ValueError
        As `roikit.roi_pool`.

    Examples
    --------
    665/32 = 20.78125 cells become 20, and each of the 7 bins is 2 cells: 14 of 20 are looked at.

    >>> from roikit import examples, explain
    >>> features = examples.ramp(25, 25)[None, None]
    >>> last = explain.roi_pool(features, examples.BOX_665, 7, 1 / 32, convention="truncate").bin(0, 0, 6, 6)
    >>> last.scaled_box, last.quantized_box, last.rows
    ((0.0, 0.0, 20.78125, 20.78125), (0, 0, 20, 20), (12, 14))
    >>> print(last)
    bin (6, 6) of RoI 0, channel 0: rows 12..13, columns 12..13; maximum 143 at (13, 13).
    1. box in pixels: x 0 to 665, y 0 to 665, on image 0
    2. times spatial_scale 0.03125: x 0 to 20.78125, y 0 to 20.78125
    3. quantized (floor, ends exclusive)
         x: floor(0) = 0, floor(20.78125) = 20: columns 0..19 (20 cells)
         y: floor(0) = 0, floor(20.78125) = 20: rows 0..19 (20 cells)
    4. bin edges (truncate, 7×7 bins)
         x: 6·2 = 12 to 7·2 = 14 of 20 cells, from column 0 on: columns 12..13
         y: 6·2 = 12 to 7·2 = 14 of 20 cells, from row 0 on: rows 12..13
    5. cells (rows 12..13, columns 12..13)
         row 12: 132 133
         row 13: 142 143
    6. maximum: 143 at (13, 13)
    """
    maps = _validate.feature_maps(features)
    boxes = _validate.regions(rois, images=len(maps))
    size = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    rules = _validate.convention(convention)
    how = _validate.mode(mode)
    _validate.within_reach(boxes, factor, rules)
    _arrays.refuse_large("the output", (len(boxes.table), maps.shape[1], *size), maps.dtype)
    return RoiPoolExplanation(maps, boxes.table, size, factor, rules, how)


def roi_align(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
) -> RoiAlignExplanation:
    """Explain `roikit.roi_align`, which has the same parameters and refuses the same arguments.

    It has more: of its modes the maximum of weighted neighbours is not explained, and of its conventions the
    two of `aligned` are.

    Parameters
    ----------
    features : (N, C, H, W) array, float32 or float64
    rois : (K, 5) array of batch index, x1, y1, x2, y2, or list of N arrays (L, 4)
        In image pixels.
    output_size : int or (height, width)
    spatial_scale : float, default 1.0
        Cells per image pixel.
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin; adaptive where not positive.
    aligned : bool, default False
    mode : {"avg", "max"}, default "avg"

    Returns
    -------
    RoiAlignExplanation
        Its `bin(k, c, ph, pw)` is an `AlignBin`. Its pictures have values at the middles of cells, so with
        ``aligned=False`` the box is drawn half a cell off, as it is read.

    Raises
    ------
    TypeError, ValueError
        As `roikit.roi_align`.

    Examples
    --------
    >>> from roikit import examples, explain
    >>> align = explain.roi_align(examples.MAP_8X8_BATCH, examples.ROI_8X8, 2, sampling_ratio=2, aligned=True)
    >>> samples = align.bin(0, 0, 0, 0).samples
    >>> samples.y[:, 0].tolist(), samples.x[0].tolist()
    ([3.125, 4.375], [0.375, 2.125])
    """
    maps = _validate.feature_maps(features)
    boxes = _validate.regions(rois, images=len(maps))
    size = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    how = _validate.sampling_mode(mode)
    if how == "max_corners":
        raise ValueError("mode 'max_corners' is not of samples: explain.roi_align explains 'avg' and 'max'")
    _validate.within_reach(boxes, factor)
    _validate.adaptive_samples(boxes, factor, size, ratio)
    _arrays.refuse_large("the output", (len(boxes.table), maps.shape[1], *size), maps.dtype)
    return RoiAlignExplanation(maps, boxes.table, size, factor, ratio, centred, how)


def bilinear_interpolate(features: ArrayLike, y: ArrayLike, x: ArrayLike) -> BilinearExplanation:
    """Explain `roikit.bilinear_interpolate`, which has the same parameters and refuses the same arguments.

    Parameters
    ----------
    features : (..., H, W) array, float32 or float64
    y, x : arrays that broadcast to one shape
        Row and column coordinates of the points, in cells; the value of cell (row i, column j) stands at
        (i, j).

    Returns
    -------
    BilinearExplanation
        Its `bin(*index)`, an index into the output, is an `InterpolatedPoint`.

    Raises
    ------
    TypeError, ValueError
        As `roikit.bilinear_interpolate`.

    Examples
    --------
    >>> import numpy as np
    >>> from roikit import explain
    >>> point = explain.bilinear_interpolate(np.array([[0.0, 1.0], [2.0, 3.0]]), 0.25, 0.5).bin()
    >>> point.samples.weights.tolist(), point.result
    ([0.375, 0.375, 0.125, 0.125], 1.0)
    """
    maps = _validate.feature_planes(features)
    points_y, points_x = _validate.coordinates(y, x)
    _arrays.refuse_large("the output", maps.shape[:-2] + points_y.shape, maps.dtype)
    return BilinearExplanation(maps, points_y, points_x)


def bins(length: int, bins: int, *, convention: str | Convention = "disjoint") -> BinsExplanation:
    """Explain `roikit.bin_edges`: one row of cells, and where each bin begins and ends.

    Parameters
    ----------
    length : int
        Number of cells.
    bins : int
        Number of bins.
    convention : str or Convention, default "disjoint"
        The course's own split; `roikit.bin_edges` has the default "caffe".

    Returns
    -------
    BinsExplanation
        Its `bin(p)` is a `CellRange`.

    Raises
    ------
    TypeError, ValueError
        As `roikit.bin_edges`.

    Examples
    --------
    >>> from roikit import explain
    >>> print(explain.bins(7, 2).bin(1))
    bin 1: [3, 7), cells 3..6 (4 cells)
    """
    cells = _validate.whole_number("length", length, 0, 4 * FARTHEST_CELL)
    parts = _validate.whole_number("bins", bins, 1, _validate.MOST_BINS)
    return BinsExplanation(cells, parts, _validate.whole_cells("bin_edges", _validate.convention(convention)))
