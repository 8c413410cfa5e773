"""The face of `crop_and_resize_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_crops, _validate_gradients
from roikit._dispatch import kernel


def crop_and_resize_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    *,
    coordinates: str = "normalized",
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of bilinear `crop_and_resize` with respect to the boxes.

    With ``crops = crop_and_resize(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient
    by the crops to its gradient by x1, y1, x2 and y2. Where a box moves, its points move along, and each
    feels the slope of the map between its four neighbours.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each point. Any strides and byte order.
    features : (N, C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    coordinates
        As it was given to `crop_and_resize`, whose method was "bilinear".
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per unit of `coordinates`. A small `grad` (of fewer than 2**14
        elements) gives the definition's bits; of a larger one sums are made in another order.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `crop_and_resize`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    - On the border of two cells the slope is that of the cell to the right, or below; on the last row or
      column, that of the cells before it. (TensorFlow's is 0 on every row and column.)
    - A point off the map has the slope 0.

    References
    ----------
    TensorFlow, ``CropAndResizeGradBoxes``.

    Examples
    --------
    A map that rises by 10 a column, 30 from end to end, and one point in the middle of the box: it moves by
    half of what either end does.

    >>> import numpy as np
    >>> from roikit import crop_and_resize_backward_rois
    >>> features = np.array([[[[0.0, 10.0, 20.0, 30.0]] * 4]])
    >>> crop_and_resize_backward_rois(np.ones((1, 1, 1, 1)), features, [[0, 0.2, 0.2, 0.6, 0.6]])
    array([[15.,  0., 15.,  0.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    _validate_gradients.rows_and_channels(values, boxes, maps.shape[1], "features")
    units = _validate_crops.coordinates(coordinates)

    out = _arrays.output("out", None, (len(boxes.table), 4), np.float64, features=maps)
    compute = kernel(
        "crop_and_resize_backward_rois", values.size, num_threads, narrow=_arrays.is_half(maps.dtype),
        outs=(3,), array=maps
    )
    compute(values, maps, boxes.table, out, units)
    return out
