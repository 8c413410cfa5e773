"""The face of `border_align`."""

from __future__ import annotations

from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_border
from roikit._dispatch import kernel
from roikit._plain import items, shown


@overload
def border_align(
    features: ArrayLike, rois: ArrayLike, pool_size: int, spatial_scale: float = ..., *,
    return_argmax: Literal[False] = ..., layout: str = ..., out: NDArray[Any] | None = ...,
    num_threads: int | None = ...,
) -> NDArray[Any]: ...
@overload
def border_align(
    features: ArrayLike, rois: ArrayLike, pool_size: int, spatial_scale: float = ..., *,
    return_argmax: Literal[True], layout: str = ..., out: tuple[NDArray[Any], NDArray[Any]] | None = ...,
    num_threads: int | None = ...,
) -> tuple[NDArray[Any], NDArray[Any]]: ...
def border_align(
    features: ArrayLike,
    rois: ArrayLike,
    pool_size: int,
    spatial_scale: float = 1.0,
    *,
    return_argmax: bool = False,
    layout: str = "NCHW",
    out: Any = None,
    num_threads: int | None = None,
) -> Any:
    """Find the maximum of the feature map along each of the four sides of each RoI.

    Each side has channels of its own, and is sampled bilinearly at ``pool_size + 1`` points in equal steps,
    both corners among them. Top and left are walked from (x1, y1), bottom and right from (x2, y2).

    Parameters
    ----------
    features : (N, 4 C, H, W) array of float16, bfloat16, float32 or float64
        Feature maps of N images: C channels for the top side, then C for the left, the bottom and the right.
        Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of each image.
        They are float64 inside, whatever the features are.
    pool_size : int
        Steps along one side, 1 .. 4096.
    spatial_scale : float, default 1.0
        Cells per image pixel.
    return_argmax : bool, default False
        Return also at which point each maximum was found.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, 4 C), and the output and the argmax (K, 4, C).
    out : array, or with `return_argmax` a pair of arrays, optional
        Where to write: an array of the output's shape and dtype, and one of int64 or int32 for the argmax.
        They share no memory with features or with each other. They are also what is returned.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, C, 4) array of the features' dtype
        The maxima along the top, left, bottom and right side of rois[k]. A small call is computed in float64
        and rounded once, to the same bits as the definition.
    (K, C, 4) int64 (or as `out` has it), if `return_argmax`
        The maximum's point, 0 .. pool_size, counted from the corner where the walk begins.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: channels that are no multiple of 4, a batch index that
        features does not hold, a box that is not finite or reaches beyond 2**40 cells, a map that is empty or
        has more than 2**40 cells, an `out` that does not fit, an output of more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - Samples are as in `bilinear_interpolate`: cell i stands at i, a point beyond ``[-1, H]`` or ``[-1, W]``
      is 0 and takes part, any other is clamped to the map.
    - Ties: the first maximum on the walk. NaN: the first sample that is NaN, and it is the maximum; a sample
      with a NaN among its four neighbours is NaN, even where that neighbour's weight is 0.
    - An empty box is sampled on one point or line again and again; a reversed one is walked backwards.

    References
    ----------
    Qiu, Ma, Li, Liu and Sun, "BorderDet: Border Feature for Dense Object Detection", ECCV 2020, section 3.2.

    Examples
    --------
    The same map for all four sides, rising by 1 a column and 4 a row; the box goes from (0, 0) to (2, 1).

    >>> import numpy as np
    >>> from roikit import border_align
    >>> features = np.repeat(np.arange(12.0).reshape(1, 1, 3, 4), 4, axis=1)
    >>> border_align(features, [[0, 0, 0, 2, 1]], 2)
    array([[[2., 4., 6., 6.]]])

    The top and the left have their maximum where they end, at (2, 0) and (0, 1), the bottom and the right
    where they begin, at (2, 1).

    >>> border_align(features, [[0, 0, 0, 2, 1]], 2, return_argmax=True)[1]
    array([[[2, 2, 0, 0]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    C = _validate_border.channels(maps.shape, "features")
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    steps = _validate_border.pool_size(pool_size)
    factor = _validate.scale(spatial_scale)
    with_argmax = _validate.flag("return_argmax", return_argmax)
    _validate.within_reach(boxes, factor)

    shape = _validate_border.laid_out((len(boxes.table), C, _validate_border.SIDES), order)
    given, names = (_pair(out), ("out[0]", "out[1]")) if with_argmax else ((out, None), ("out", ""))
    into = _arrays.output(names[0], given[0], shape, maps.dtype, features=maps, rois=boxes.table)
    values, found = _validate_border.channels_first(into, order), None
    narrow = _arrays.is_half(maps.dtype)
    result: Any = into
    if with_argmax:
        read = {"features": maps, "rois": boxes.table, "out[0]": into}
        places = _arrays.output(names[1], given[1], shape, (np.int64, np.int32), new="the argmax", **read)
        found = _validate_border.channels_first(places, order)
        narrow |= places.dtype == np.int32
        result = into, places
    compute = kernel("border_align", values.size, num_threads, narrow=narrow, outs=(2, 3), array=maps)
    compute(maps, boxes.table, values, found, factor, steps)
    return result if out is None else given if with_argmax else out


def _pair(out: object) -> tuple[Any, Any]:
    if out is None:
        return None, None
    pair = items(out)
    if pair is None or len(pair) != 2 or any(each is None for each in pair):
        raise TypeError(f"out must be a pair of arrays (values, argmax) with return_argmax; got {shown(out)}")
    return pair[0], pair[1]
