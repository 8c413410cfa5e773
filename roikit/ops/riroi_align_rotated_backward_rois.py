"""The face of `riroi_align_rotated_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_orientations, _validate_rotated
from roikit._dispatch import kernel


def riroi_align_rotated_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    num_orientations: int = 8,
    aligned: bool = True,
    angle: str = "degrees",
    clockwise: bool = False,
    mixing: str = "linear",
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of rotation-invariant RoIAlign with respect to the boxes, their angles too.

    With ``bins = riroi_align_rotated(features, rois, (PH, PW), ...)`` and any loss of these: from its
    gradient by the bins to its gradient by centre, width, height and angle. Where a box moves, its samples
    move along, as in `roi_align_rotated_backward_rois`; where it turns, its orientations are mixed otherwise,
    too.

    Parameters
    ----------
    grad : (K, C * O, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : (N, C * O, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 6) array, or list of N arrays (L, 5)
    spatial_scale, sampling_ratio, num_orientations, aligned, angle, clockwise, mixing
        All as they were given to `riroi_align_rotated`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C * O), features (N, H, W, C * O).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 5) float64
        The gradient by centre x, centre y, width and height, per image pixel, and by the angle, per unit of
        it; to the same bits as the definition.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `riroi_align_rotated`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    Its kinks are those of `roi_align_rotated_backward_rois` and, for the angle, whole steps from one
    orientation to the next: there the slope is that of the step that begins.

    Boxes on a GPU are looked at by the kernel alone: one of which nothing can be computed has the gradient
    NaN, and `roikit.gpu.check` tells.

    References
    ----------
    Han, Ding, Xue and Xia, "ReDet: A Rotation-equivariant Detector for Aerial Object Detection", CVPR 2021.

    Examples
    --------
    A map of one cell, on which nothing moves; but of four orientations the first has 8 and the second 2. As
    the box turns by 90 degrees the first of the output goes from the one to the other.

    >>> import numpy as np
    >>> from roikit import riroi_align_rotated_backward_rois
    >>> features = np.array([8.0, 2.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    >>> grad = np.array([90.0, 0.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    >>> box = [[0, 0.5, 0.5, 1, 1, 0]]
    >>> riroi_align_rotated_backward_rois(grad, features, box, num_orientations=4).round(12)
    array([[ 0.,  0.,  0.,  0., -6.]])
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
    how = _validate_orientations.read_mixing(num_orientations, mixing, turn)
    _validate_orientations.check_channels(maps.shape[1], how.num_orientations, "features")
    _validate_rotated.within_reach(boxes, factor)
    _validate_rotated.adaptive_samples(boxes, factor, values.shape[2:], ratio)

    shape = (len(boxes.table), 5)
    out: NDArray[np.float64] = _arrays.output("out", None, shape, np.float64, features=maps)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel(
        "riroi_align_rotated_backward_rois", values.size, num_threads, narrow=narrow, outs=(4,), array=maps
    )
    frames, shifts = _validate_rotated.frames(boxes, turn), _validate_orientations.shifts(boxes, how)
    compute(
        values, maps, frames, shifts, out, factor, ratio, centred, how.num_orientations, turn, how.steps
    )
    return out
