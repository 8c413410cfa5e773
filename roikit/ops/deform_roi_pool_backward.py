"""The face of `deform_roi_pool_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_deform, _validate_gradients
from roikit._dispatch import kernel


def deform_roi_pool_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    offset: ArrayLike | None,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    gamma: float = 0.1,
    *,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of deformable RoI pooling with respect to the feature maps.

    With ``bins = deform_roi_pool(features, rois, offset, (PH, PW), ...)`` and any loss of these: from its
    gradient by the bins to its gradient by the features. Each bin hands its gradient in equal shares to its
    shifted samples, each sample to its four neighbours by their weights; what several give to one cell adds
    up.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
    offset : (K, 2, PH, PW) array, or None
        Both as they were given to `deform_roi_pool`.
    input_shape : (N, C, H, W)
        The shape of the features.
    spatial_scale, sampling_ratio, gamma
        As they were given to `deform_roi_pool`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shape (N, H, W, C).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad.
    num_threads : int, optional
        Threads that may compute, as in `deform_roi_pool`.
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
        An argument of the wrong kind or value, as in `deform_roi_pool`; a grad without one row for each box,
        or of other channels than input_shape has.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    A sample outside ``[-1, H]`` or ``[-1, W]`` gives nothing, and its share is lost; one that is clamped to
    the map gives to the cell that it read. NaN: all four neighbours of a sample take part, so a NaN (or an
    inf, where the weight is 0) makes all of them NaN. A bin whose offset, on a GPU, is not finite gives
    nothing.

    References
    ----------
    Dai, Qi, Xiong, Li, Zhang, Hu and Wei, "Deformable Convolutional Networks", ICCV 2017, appendix A.

    Examples
    --------
    Two bins on cells (0, 0) and (0, 1); the second is shifted by 3/4 of a column, and most of what it gives
    goes to cell (0, 2).

    >>> import numpy as np
    >>> from roikit import deform_roi_pool_backward
    >>> grad, box = np.array([[[[1.0, 8.0]]]]), [[0, 0, 0, 2, 1]]
    >>> offset = np.array([[[[0.0, 0.375]], [[0.0, 0.0]]]])
    >>> deform_roi_pool_backward(grad, box, offset, (1, 1, 2, 4), gamma=1.0)
    array([[[[1., 2., 6., 0.],
             [0., 0., 0., 0.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    _validate_gradients.rows_and_channels(values, boxes, shape[1], "input_shape")
    shifts = _validate_deform.offsets(offset, len(boxes.table), values.shape[2:], values)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    strength = _validate_deform.gamma(gamma)
    _validate.within_reach(boxes, factor)
    _validate.adaptive_samples(boxes, factor, values.shape[2:], ratio)

    into = _arrays.output(
        "out", out, _arrays.laid_out(shape, order), values.dtype, grad=values, rois=boxes.table, offset=shifts
    )
    compute = kernel(
        "deform_roi_pool_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype), outs=(3,),
        array=values, deterministic=ordered,
    )
    compute(values, boxes.table, shifts, _arrays.channels_first(into, order), factor, ratio, strength)
    return into if out is None else out
