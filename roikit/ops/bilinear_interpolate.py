"""The face of `bilinear_interpolate`."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate
from roikit._dispatch import kernel


def bilinear_interpolate(features: ArrayLike, y: ArrayLike, x: ArrayLike) -> NDArray[Any]:
    """Read feature maps between their cells, by RoIAlign's border rule.

    y and x are index coordinates: the value of cell (row i, column j) stands at (i, j). Each of the four
    neighbours is weighted with the area of the rectangle between the point and the diagonally opposite
    neighbour.

    Parameters
    ----------
    features : (..., H, W) array, float16, bfloat16, float32 or float64
        Any strides and byte order.
    y, x : arrays that broadcast to one shape, any real dtype
        Row and column coordinates of the points, in feature-map cells.

    Returns
    -------
    (..., *points) array of the features' dtype
        Every leading axis of features, then the shape of the points (none for one point). Computed in
        float64 and rounded once.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value; coordinates that are not finite, a map that is empty or has
        more than 2**40 cells, a masked element, an object that is an array by its ``__array_interface__``
        alone, an output of more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A point outside ``[-1, H]`` or ``[-1, W]`` is 0. Any other is clamped to the map: y = -0.6 reads row 0.
    - NaN: all four neighbours take part, so a NaN in any of them (or an inf with weight 0) makes the value
      NaN.

    References
    ----------
    He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3: RoIAlign.

    Examples
    --------
    A quarter of the way down and halfway across: ``0.75 * (0 + 1) / 2 + 0.25 * (2 + 3) / 2``.

    >>> import numpy as np
    >>> from roikit import bilinear_interpolate
    >>> bilinear_interpolate(np.array([[0.0, 1.0], [2.0, 3.0]]), 0.25, 0.5)
    array(1.)
    """
    maps = _validate.feature_planes(features)
    points_y, points_x = _validate.coordinates(y, x, beside=maps)
    leading = maps.shape[:-2]
    out = _arrays.output("out", None, leading + points_y.shape, maps.dtype, features=maps)
    outer, M = math.prod(leading[:-1]), math.prod(leading[-1:])
    planes = maps.reshape(outer, M, *maps.shape[-2:])  # no copy up to four axes, whatever the strides
    values = out.reshape(outer, M, points_y.size)
    compute = kernel("bilinear_interpolate", narrow=_arrays.is_half(maps.dtype), outs=(3,), array=planes)
    compute(planes, points_y.ravel(), points_x.ravel(), values)
    return out
