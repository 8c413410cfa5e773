"""The face of `riroi_align_rotated_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_orientations, _validate_rotated
from roikit._dispatch import kernel


def riroi_align_rotated_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    num_orientations: int = 8,
    aligned: bool = True,
    angle: str = "degrees",
    clockwise: bool = False,
    mixing: str = "linear",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of rotation-invariant RoIAlign with respect to the feature maps.

    With ``bins = riroi_align_rotated(features, rois, (PH, PW), ...)`` and any loss of these: from its
    gradient by the bins to its gradient by the features. Each bin hands its gradient to the two orientations
    that it was mixed of, and there in equal shares to its samples, as in `roi_align_rotated_backward`.

    Parameters
    ----------
    grad : (K, C * O, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 6) array, or list of N arrays (L, 5)
        As they were given to `riroi_align_rotated`.
    input_shape : (N, C * O, H, W)
        The shape of the features.
    spatial_scale, sampling_ratio, num_orientations, aligned, angle, clockwise, mixing
        As they were given to `riroi_align_rotated`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C * O), input_shape (N, H, W, C * O).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad.
    num_threads : int, optional
        Threads that may compute, as in `riroi_align_rotated`.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run. False lets the GPU's threads add in the
        order in which they come, by atomics. On a CPU it makes no difference.

    Returns
    -------
    (N, C * O, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given. A small `grad` (of fewer than 2**14 elements) is added
        up in float64, in the order of the definition, and rounded once, to the same bits; a larger one of
        float16, bfloat16 or float32 in float32.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `riroi_align_rotated`; a grad without one row for each
        box, or of other channels than input_shape has.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    What samples outside the map give, and what a NaN does: as in `roi_align_rotated_backward`. Both
    orientations take part, also by weight 0.

    References
    ----------
    Han, Ding, Xue and Xia, "ReDet: A Rotation-equivariant Detector for Aerial Object Detection", CVPR 2021.

    Examples
    --------
    Four orientations, and a box that is turned by 45 degrees, half a step: what came out in the first was
    mixed of the first and the second.

    >>> import numpy as np
    >>> from roikit import riroi_align_rotated_backward
    >>> grad, box = np.array([8.0, 0.0, 0.0, 0.0]).reshape(1, 4, 1, 1), [[0, 0.5, 0.5, 1, 1, 45]]
    >>> got = riroi_align_rotated_backward(grad, box, (1, 4, 1, 1), sampling_ratio=1, num_orientations=4)
    >>> got[0, :, 0, 0]
    array([4., 4., 0., 0.])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate_rotated.regions(rois, shape[0], "input_shape", values)
    _validate_gradients.rows_and_channels(values, boxes, shape[1], "input_shape")
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    turn = _validate_rotated.turn(angle, clockwise)
    how = _validate_orientations.read_mixing(num_orientations, mixing, turn)
    _validate_orientations.check_channels(shape[1], how.num_orientations, "input_shape")
    _validate_rotated.within_reach(boxes, factor)
    _validate_rotated.adaptive_samples(boxes, factor, values.shape[2:], ratio)

    into = _arrays.output("out", out, _arrays.laid_out(shape, order), values.dtype, grad=values)
    compute = kernel(
        "riroi_align_rotated_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype),
        outs=(3,), array=values, deterministic=ordered,
    )
    frames, shifts = _validate_rotated.frames(boxes, turn), _validate_orientations.shifts(boxes, how)
    given = _arrays.channels_first(into, order)
    compute(values, frames, shifts, given, factor, ratio, centred, how.num_orientations)
    return into if out is None else out
