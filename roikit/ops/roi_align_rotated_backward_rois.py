"""The face of `roi_align_rotated_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_rotated
from roikit._dispatch import kernel


def roi_align_rotated_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = True,
    *,
    angle: str = "degrees",
    clockwise: bool = False,
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of RoIAlign of rotated boxes with respect to the boxes, their angles too.

    With ``bins = roi_align_rotated(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient
    by the bins to its gradient by centre, width, height and angle. Where a box moves, its samples move along,
    and each feels the slope of the map between its four neighbours.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : (N, C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 6) array, or list of N arrays (L, 5)
    spatial_scale, sampling_ratio, aligned, angle, clockwise
        All as they were given to `roi_align_rotated`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 5) float64
        The gradient by centre x, centre y, width and height, per image pixel, and by the angle, per unit of
        it. A small `grad` (of fewer than 2**14 elements) gives the definition's bits; of a larger one sums
        are made in another order.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align_rotated`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    It is differentiable between its kinks. On them, by definition:

    - on the border of two cells the slope is that of the cell to the right, or below;
    - a sample outside the map has the slope 0, and one that is clamped to the map has it along that axis;
    - how many samples a bin has is taken as given, also where it is adaptive;
    - with ``aligned=False`` a box narrower than one cell is made one cell wide: its width has no effect.

    Boxes on a GPU are looked at by the kernel alone: one of which nothing can be computed has the gradient
    NaN, and `roikit.gpu.check` tells.

    References
    ----------
    Ma, Shao, Ye, Wang, Wang, Zheng and Xue, "Arbitrary-Oriented Scene Text Detection via Rotation Proposals",
    IEEE Transactions on Multimedia, 2018.

    Examples
    --------
    A map that rises by 10 a column, and a box with one sample on either side of its centre. The right one
    alone counts: it moves with the centre, by a quarter of what the width grows by, and not at once with the
    angle, which takes it upwards.

    >>> import numpy as np
    >>> from roikit import roi_align_rotated_backward_rois
    >>> features = np.array([[[[0.0, 10.0, 20.0, 30.0]] * 4]])
    >>> grad = np.array([[[[0.0, 1.0]]]])
    >>> roi_align_rotated_backward_rois(grad, features, [[0, 2, 2, 2, 1, 0]], sampling_ratio=1)
    array([[10. ,  0. ,  2.5,  0. ,  0. ]])

    Turned by 90 degrees the same sample lies above the centre, and a growing angle takes it to the left: by
    half a cell per radian.

    >>> box = [[0, 2, 2, 2, 1, np.pi / 2]]
    >>> roi_align_rotated_backward_rois(grad, features, box, sampling_ratio=1, angle="radians").round(12)
    array([[10.,  0.,  0.,  0., -5.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate_rotated.regions(rois, len(maps), "features", maps)
    _validate_gradients.rows_and_channels(values, boxes, maps.shape[1], "features")
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    turn = _validate_rotated.turn(angle, clockwise)
    _validate_rotated.within_reach(boxes, factor)
    _validate_rotated.adaptive_samples(boxes, factor, values.shape[2:], ratio)

    shape = (len(boxes.table), 5)
    out: NDArray[np.float64] = _arrays.output("out", None, shape, np.float64, features=maps)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel(
        "roi_align_rotated_backward_rois", values.size, num_threads, narrow=narrow, outs=(3,), array=maps
    )
    compute(values, maps, _validate_rotated.frames(boxes, turn), out, factor, ratio, centred, turn)
    return out
