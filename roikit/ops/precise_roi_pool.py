"""The face of `precise_roi_pool`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate
from roikit._dispatch import kernel


def precise_roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    *,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Average the bilinear surface over each bin, exactly: the integral divided by the bin's area.

    The surface has the value of cell (y, x) at the point (y, x), is bilinear between four cells, and falls to
    0 one cell beyond the map. Nothing is quantized and nothing is sampled, so the result changes smoothly
    with the box, and has a gradient by it (`precise_roi_pool_backward_rois`).

    Parameters
    ----------
    features : (N, C, H, W) array of float16, bfloat16, float32 or float64
        Feature maps of N images. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of each image.
        They are float64 inside, whatever the features are.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel. An image of 224 over a map of 14 has 14 / 224.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, C) and the output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features. It is
        also what is returned.
    num_threads : int, optional
        How many threads may compute; without it ``OMP_NUM_THREADS``, or all CPUs that this process may use.
        The result does not depend on it.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. A small call is computed in float64 and rounded once, to the same bits as
        the definition; a larger one of float16, bfloat16 or float32 is computed in float32, and lies, before
        it is rounded to the features' dtype, within about 1e-6 of the largest magnitude in the map.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: a batch index that features does not hold, a box that is not
        finite or reaches beyond 2**40 cells, a map that is empty or has more than 2**40 cells, an `out` that
        does not fit, an output of more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - An empty or reversed box gives 0. A bin off the map gives 0, and one that is partly off it has zeros
      there: nothing is clamped, and the divisor stays the whole bin.
    - A cell takes part where the bin has an extent between it and a cell beside it. So a NaN (or an inf) more
      than a cell away from a bin is not seen; nor is one that a bin only touches with its border.
    - A tiny bin has the value of the surface where it is; a box may be as large as 2**40 cells.

    References
    ----------
    Jiang, Luo, Mao, Xiao and Jiang, "Acquisition of Localization Confidence for Accurate Object Detection",
    ECCV 2018, section 3.3: Precise RoI Pooling.

    Examples
    --------
    A bin of one whole cell has the mean of its four corners: 0, 1, 4 and 5.

    >>> import numpy as np
    >>> from roikit import precise_roi_pool
    >>> features = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> precise_roi_pool(features, [[0, 0, 0, 1, 1]], 1)
    array([[[[2.5]]]])

    From x = 0.5 to 2: a third of the bin lies before column 1, with its middle at 0.75, two thirds behind it,
    with theirs at 1.5. The rows' middle is 0.5, and a row is 4 more: 0.75 / 3 + 1.5 * 2 / 3 + 2.

    >>> precise_roi_pool(features, [[0, 0.5, 0, 2, 1]], 1)
    array([[[[3.25]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    _validate.within_reach(boxes, factor)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
    compute = kernel(
        "precise_roi_pool", into.size, num_threads, narrow=_arrays.is_half(maps.dtype), array=maps
    )
    compute(maps, boxes.table, _arrays.channels_first(into, order), factor)
    return into if out is None else out
