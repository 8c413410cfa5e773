"""The face of `precise_roi_pool_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients
from roikit._dispatch import kernel


def precise_roi_pool_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    spatial_scale: float = 1.0,
    *,
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of precise RoI pooling with respect to the boxes.

    With ``bins = precise_roi_pool(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient
    by the bins to its gradient by x1, y1, x2 and y2. This is what the operation was made for: the bins are an
    integral, and so the gradient is exact, and has no jumps.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : (N, C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    spatial_scale : float, default 1.0
        All as they were given to `precise_roi_pool`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per image pixel. A small `grad` (of fewer than 2**14
        elements) gives the definition's bits; of a larger one sums are made in another order.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `precise_roi_pool`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    - The gradient is continuous in the box, cells' borders and the map's included, as long as the box is not
      empty. There, and for reversed boxes, it is 0 by definition.
    - NaN: as in `precise_roi_pool`, a cell with a NaN makes the box's gradient NaN if it takes part, also in
      a bin whose own gradient is 0.
    - A tiny bin feels the slope of the map where it is.

    References
    ----------
    Jiang, Luo, Mao, Xiao and Jiang, "Acquisition of Localization Confidence for Accurate Object Detection",
    ECCV 2018, section 3.3: Precise RoI Pooling.

    Examples
    --------
    A map that rises by 10 a column: the mean is that of the bin's middle, which moves by half of what either
    end does.

    >>> import numpy as np
    >>> from roikit import precise_roi_pool_backward_rois
    >>> features = np.array([[[[0.0, 10.0, 20.0, 30.0]] * 4]])
    >>> precise_roi_pool_backward_rois(np.ones((1, 1, 1, 1)), features, [[0, 0.5, 0.5, 2.5, 2.5]])
    array([[5., 0., 5., 0.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    _validate_gradients.rows_and_channels(values, boxes, maps.shape[1], "features")
    factor = _validate.scale(spatial_scale)
    _validate.within_reach(boxes, factor)

    shape = (len(boxes.table), 4)
    out = _arrays.output("out", None, shape, np.float64, grad=values, features=maps)
    compute = kernel(
        "precise_roi_pool_backward_rois", values.size, num_threads, narrow=_arrays.is_half(maps.dtype),
        outs=(3,), array=maps
    )
    compute(values, maps, boxes.table, out, factor)
    return out
