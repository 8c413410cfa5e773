"""The face of `crop_and_resize`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_crops
from roikit._dispatch import kernel


def crop_and_resize(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    extrapolation_value: float = 0.0,
    *,
    method: str = "bilinear",
    coordinates: str = "normalized",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Read each RoI at a grid of points, its corners included, as TensorFlow's ``crop_and_resize`` does.

    Point p of PH lies at ``y1 + p / (PH - 1) * (y2 - y1)`` of the map's height, from its first row (0) to its
    last (1); with PH = 1 it lies in the middle. In the same way along x. Each point is one value of the
    output: nothing is averaged.

    Parameters
    ----------
    features : (N, C, H, W) array of float16, bfloat16, float32 or float64
        Feature maps (or images) of N images. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2, any real dtype; or the boxes of each image. In units of
        `coordinates`, float64 inside. TensorFlow has y1, x1, y2, x2 and the batch index apart.
    output_size : int or (height, width)
        Points of one RoI, PH and PW.
    extrapolation_value : float, default 0.0
        The value of a point off the map.
    method : {"bilinear", "nearest"}, default "bilinear"
        A point's value: interpolated between its four neighbours, or that of the nearest cell; of two cells
        as near the lower and the right one.
    coordinates : {"normalized", "cells"}, default "normalized"
        "normalized": y = 1 is the last row, ``H - 1``, and x = 1 the last column. "cells": rows and columns.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC", as TensorFlow has it: features are (N, H, W, C) and the output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

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
        finite, a map that is empty or has more than 2**40 cells, an `out` that does not fit, an output of
        more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A point is off the map where it lies above row 0, below row H - 1, left of column 0 or right of column
      W - 1; nothing is clamped.
    - A box whose ends are swapped is cropped flipped. Where both ends are equal, all points are the same.
    - NaN: a point with a NaN among its four neighbours is NaN, even where that neighbour's weight is 0 (an
      infinite neighbour with weight 0 makes NaN too); "nearest" reads one cell alone.
    - Points are weighted from both ends, ``((PH - 1 - p) * y1 + p * y2) * (H - 1) / (PH - 1)``, in float64:
      the points of a box on the map are on the map. In TensorFlow's float32 its last ones may fall off.

    References
    ----------
    TensorFlow, ``tf.image.crop_and_resize``.

    Examples
    --------
    The corners and the middles of a map of 2 × 2, and a box that begins one map's height above it:

    >>> import numpy as np
    >>> from roikit import crop_and_resize
    >>> features = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> crop_and_resize(features, [[0, 0, 0, 1, 1]], 3)[0, 0]
    array([[1. , 1.5, 2. ],
           [2. , 2.5, 3. ],
           [3. , 3.5, 4. ]])
    >>> crop_and_resize(features, [[0, 0, -1, 1, 1]], (3, 2), -1.0)[0, 0]
    array([[-1., -1.],
           [ 1.,  2.],
           [ 3.,  4.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    points = _validate.output_size(output_size)
    outside = _validate_crops.extrapolation_value(extrapolation_value)
    how = _validate_crops.method(method)
    units = _validate_crops.coordinates(coordinates)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *points), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
    compute = kernel(
        "crop_and_resize", into.size, num_threads, narrow=_arrays.is_half(maps.dtype), array=maps
    )
    compute(maps, boxes.table, _arrays.channels_first(into, order), outside, how, units)
    return into if out is None else out
