"""The face of `roi_align_rotated_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_rotated
from roikit._dispatch import kernel


def roi_align_rotated_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = True,
    *,
    angle: str = "degrees",
    clockwise: bool = False,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of RoIAlign of rotated boxes with respect to the feature maps.

    With ``bins = roi_align_rotated(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient
    by the bins to its gradient by the features. Each bin hands its gradient in equal shares to its samples,
    each sample to its four neighbours by their weights; what several give to one cell adds up.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 6) array, or list of N arrays (L, 5)
        As they were given to `roi_align_rotated`.
    input_shape : (N, C, H, W)
        The shape of the features.
    spatial_scale, sampling_ratio, aligned, angle, clockwise
        As they were given to `roi_align_rotated`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shape (N, H, W, C).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad.
    num_threads : int, optional
        Threads that may compute, as in `roi_align_rotated`.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run. False lets the GPU's threads add in the
        order in which they come, by atomics. On a CPU it makes no difference.

    Returns
    -------
    (N, C, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given. A small `grad` (of fewer than 2**14 elements) is added
        up in float64, in the order of the definition, and rounded once, to the same bits; a larger one of
        float16, bfloat16 or float32 in float32.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align_rotated`; a grad without one row for each
        box, or of other channels than input_shape has.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    A sample outside ``[-1, H]`` or ``[-1, W]`` gives nothing, and its share is lost; one that is clamped to
    the map gives to the cell that it read. NaN: all four neighbours of a sample take part, so a NaN (or an
    inf, where the weight is 0) makes all of them NaN.

    References
    ----------
    Ma, Shao, Ye, Wang, Wang, Zheng and Xue, "Arbitrary-Oriented Scene Text Detection via Rotation Proposals",
    IEEE Transactions on Multimedia, 2018.

    Examples
    --------
    The four bins of a box that is turned by 90 degrees lie on cells; each gives its gradient back to its own.

    >>> import numpy as np
    >>> from roikit import roi_align_rotated_backward
    >>> grad = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> roi_align_rotated_backward(grad, [[0, 2, 2, 2, 2, 90]], (1, 1, 4, 4))
    array([[[[0., 0., 0., 0.],
             [0., 2., 4., 0.],
             [0., 1., 3., 0.],
             [0., 0., 0., 0.]]]])
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
    _validate_rotated.within_reach(boxes, factor)
    _validate_rotated.adaptive_samples(boxes, factor, values.shape[2:], ratio)

    into = _arrays.output("out", out, _arrays.laid_out(shape, order), values.dtype, grad=values)
    compute = kernel(
        "roi_align_rotated_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype),
        array=values, deterministic=ordered,
    )
    frames = _validate_rotated.frames(boxes, turn)
    compute(values, frames, _arrays.channels_first(into, order), factor, ratio, centred)
    return into if out is None else out
