"""The face of `border_align_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_border, _validate_gradients
from roikit._dispatch import kernel


def border_align_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    argmax: ArrayLike,
    input_shape: tuple[int, int, int, int],
    pool_size: int,
    spatial_scale: float = 1.0,
    *,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of border align with respect to the feature maps.

    Each maximum gives its gradient to the four neighbours of the point where `border_align` found it, by
    their weights, in the channels of its side.

    Parameters
    ----------
    grad : (K, C, 4) array, float16, bfloat16, float32 or float64
        The gradient by each maximum. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `border_align`.
    argmax : (K, C, 4) array, int32 or int64
        What `border_align` gives with ``return_argmax=True``: the point, 0 .. pool_size.
    input_shape : (N, 4 C, H, W)
        The shape of the features.
    pool_size, spatial_scale
        As they were given to `border_align`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad and argmax (K, 4, C), input_shape (N, H, W, 4 C).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad or argmax.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run. False lets the GPU's threads add in the
        order in which they come, by atomics. On a CPU it makes no difference.

    Returns
    -------
    (N, 4 C, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given. A small `grad` (of fewer than 2**14 elements) is added
        up in float64, in the order of RoIs, and rounded once, to the same bits as the definition.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `border_align`; a grad without one row for each box, or
        of other channels than a quarter of input_shape's; an argmax that is no point of a side.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A maximum that was found off the map, a 0, gives nothing.
    - NaN: all four neighbours take part, so a NaN (or an inf, where the weight is 0) makes all of them NaN.

    References
    ----------
    Qiu, Ma, Li, Liu and Sun, "BorderDet: Border Feature for Dense Object Detection", ECCV 2020, section 3.2.

    Examples
    --------
    The maximum of the left side lies at y = 0.5 in column 0; the other sides give nothing here.

    >>> import numpy as np
    >>> from roikit import border_align, border_align_backward
    >>> features = np.zeros((1, 4, 2, 2))
    >>> features[0, 1] = [[1, 0], [3, 0]]
    >>> box = [[0, 0, -0.5, 1, 0.5]]
    >>> maxima, argmax = border_align(features, box, 1, return_argmax=True)
    >>> maxima
    array([[[0., 2., 0., 0.]]])
    >>> grad = np.array([[[0.0, 8.0, 0.0, 0.0]]])
    >>> border_align_backward(grad, box, argmax, features.shape, 1)[0, 1]
    array([[4., 0.],
           [4., 0.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_border.sides(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    _validate_border.rows_and_channels(values, boxes, shape, "input_shape")
    steps = _validate_border.pool_size(pool_size)
    factor = _validate.scale(spatial_scale)
    _validate.within_reach(boxes, factor)
    found = _validate_border.points(argmax, values, order)
    _validate_border.check_points(found, steps)

    into = _arrays.output(
        "out", out, _arrays.laid_out(shape, order), values.dtype, grad=values, rois=boxes.table, argmax=found
    )
    compute = kernel(
        "border_align_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype), outs=(3,),
        array=values, deterministic=ordered,
    )
    compute(values, boxes.table, found, _arrays.channels_first(into, order), factor, steps)
    return into if out is None else out
