"""The face of `border_align_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_border, _validate_gradients
from roikit._dispatch import kernel


def border_align_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    argmax: ArrayLike,
    pool_size: int,
    spatial_scale: float = 1.0,
    *,
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of border align with respect to the boxes.

    Each maximum feels the slope of the map at the point where `border_align` found it; the point moves with
    the two corners between which it lies.

    Parameters
    ----------
    grad : (K, C, 4) array of the features' dtype
        The gradient by each maximum. Any strides and byte order.
    features : (N, 4 C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `border_align`.
    argmax : (K, C, 4) array, int32 or int64
        What `border_align` gives with ``return_argmax=True``: the point, 0 .. pool_size.
    pool_size, spatial_scale
        As they were given to `border_align`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad and argmax (K, 4, C), features (N, H, W, 4 C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per image pixel.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `border_align_backward`; a grad of another dtype than
        features.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    Which point has the maximum is taken as given. On the kinks, by definition: on the border of two cells the
    slope is that of the cell to the right, or below; a point off the map has the slope 0, and one that is
    clamped to the map has it along that axis.

    References
    ----------
    Qiu, Ma, Li, Liu and Sun, "BorderDet: Border Feature for Dense Object Detection", ECCV 2020, section 3.2.

    Examples
    --------
    A map that rises by 1 a column and by 4 a row, for all sides. Halfway along the top the point moves across
    by half of what x1 and x2 do, and down with y1.

    >>> import numpy as np
    >>> from roikit import border_align_backward_rois
    >>> features = np.repeat(np.arange(16.0).reshape(1, 1, 4, 4), 4, axis=1)
    >>> top = np.array([[[1.0, 0.0, 0.0, 0.0]]])
    >>> border_align_backward_rois(top, features, [[0, 0, 0, 2, 1]], np.full((1, 1, 4), 1), 2)
    array([[0.5, 4. , 0.5, 0. ]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_border.sides(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    _validate_border.rows_and_channels(values, boxes, maps.shape, "features")
    steps = _validate_border.pool_size(pool_size)
    factor = _validate.scale(spatial_scale)
    _validate.within_reach(boxes, factor)
    found = _validate_border.points(argmax, values, order)
    _validate_border.check_points(found, steps)

    shape = (len(boxes.table), 4)
    out = _arrays.output("out", None, shape, np.float64, grad=values, features=maps)
    compute = kernel(
        "border_align_backward_rois", values.size, num_threads, narrow=_arrays.is_half(maps.dtype),
        outs=(4,), array=maps
    )
    compute(values, maps, boxes.table, found, out, factor, steps)
    return out
