"""The face of `crop_and_resize_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_crops, _validate_gradients
from roikit._dispatch import kernel


def crop_and_resize_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    *,
    method: str = "bilinear",
    coordinates: str = "normalized",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of `crop_and_resize` with respect to the feature maps.

    With ``crops = crop_and_resize(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient
    by the crops to its gradient by the features. Each point hands its gradient to its four neighbours by
    their weights ("nearest": to the one cell); what several give to one cell adds up.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each point. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `crop_and_resize`.
    input_shape : (N, C, H, W)
        The shape of the features.
    method, coordinates
        As they were given to `crop_and_resize`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shape (N, H, W, C).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.
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
        An argument of the wrong kind or value, as in `crop_and_resize`; a grad without one row for each box,
        or of other channels than input_shape has.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A point off the map gives nothing.
    - NaN: all four neighbours of a point take part, so a NaN (or an inf, where the weight is 0) makes all of
      them NaN.

    References
    ----------
    TensorFlow, ``CropAndResizeGradImage``.

    Examples
    --------
    Three points on the middle row of a map of 3 × 2: the one in the middle gives a half to either column.

    >>> import numpy as np
    >>> from roikit import crop_and_resize_backward
    >>> grad = np.array([1.0, 10.0, 100.0]).reshape(1, 1, 1, 3)
    >>> crop_and_resize_backward(grad, [[0, 0, 0, 1, 1]], (1, 1, 3, 2))
    array([[[[  0.,   0.],
             [  6., 105.],
             [  0.,   0.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    _validate_gradients.rows_and_channels(values, boxes, shape[1], "input_shape")
    how = _validate_crops.method(method)
    units = _validate_crops.coordinates(coordinates)

    into = _arrays.output(
        "out", out, _arrays.laid_out(shape, order), values.dtype, grad=values, rois=boxes.table
    )
    compute = kernel(
        "crop_and_resize_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype),
        array=values, deterministic=ordered,
    )
    compute(values, boxes.table, _arrays.channels_first(into, order), how, units)
    return into if out is None else out
