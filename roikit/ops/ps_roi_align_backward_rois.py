"""The face of `ps_roi_align_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _sampling, _validate, _validate_gradients, _validate_groups
from roikit._dispatch import kernel
from roikit.convention import Convention


def ps_roi_align_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    group_size: int | tuple[int, int] | None = None,
    aligned: bool = True,
    convention: str | Convention | None = None,
    mode: str = "avg",
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of position-sensitive RoIAlign with respect to the boxes.

    With ``bins = ps_roi_align(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient by
    the bins to its gradient by x1, y1, x2 and y2. Where a box moves, its samples move along, and each feels
    the slope of its bin's own score map between four neighbours.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : (N, C * GH * GW, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    spatial_scale, sampling_ratio, group_size, aligned, convention, mode
        All as they were given to `ps_roi_align`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C * GH * GW).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per image pixel, added up in float64. That of a small `grad` (of fewer
        than 2**14 elements), and of maxima, has the same bits as the definition; a larger one of averages is
        added up in another order.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `ps_roi_align`; a grad of another dtype than features,
        without one row for each box, or without one channel for each GH * GW of features.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    On kinks it is what it is in `roi_align_backward_rois`: the slope to the right and below counts, a sample
    that is clamped to the map or outside has none, and how many samples a bin has is taken as given. Of
    maxima it is the slope of the largest sample, the first of equals, or the first NaN.

    References
    ----------
    Dai, Li, He and Sun, "R-FCN: Object Detection via Region-based Fully Convolutional Networks", NIPS 2016,
    section 2.2, with the bins of He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3.

    Examples
    --------
    Two bins of one row: the first on a map that rises by 1 a column, the second on one that rises by 10.
    Centres at a quarter and three quarters of the box: x1 moves them by 3/4 and 1/4, x2 by 1/4 and 3/4.

    >>> import numpy as np
    >>> from roikit import ps_roi_align_backward_rois
    >>> maps = np.array([[[[0.0, 1.0, 2.0, 3.0]] * 2, [[0.0, 10.0, 20.0, 30.0]] * 2]])
    >>> ps_roi_align_backward_rois(np.ones((1, 1, 1, 2)), maps, [[0, 1, 0, 3, 2]])
    array([[3.25, 0.  , 7.75, 0.  ]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    groups = _validate_groups.group_size(group_size, values.shape[2:])
    _validate_groups.rows_and_channels(values, boxes, maps.shape[1], groups, "features")
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    _validate.within_reach(boxes, factor)
    how = _validate.mode(mode)
    reading = _sampling.read_as(boxes, factor, convention, centred and convention is None, how)
    _validate.adaptive_samples(reading.boxes, factor, values.shape[2:], ratio)

    shape = (len(boxes.table), 4)
    out: NDArray[np.float64] = _arrays.output("out", None, shape, np.float64, grad=values, features=maps)
    narrow = _arrays.is_half(maps.dtype)
    name = "ps_roi_align_backward_rois"
    compute = kernel(name, values.size, num_threads, narrow=narrow, outs=(3,), array=maps)
    sampling = factor, ratio, groups, reading.aligned, how, reading.empty_value
    compute(values, maps, reading.boxes.table, out, *sampling)
    return reading.back(out)
