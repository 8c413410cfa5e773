"""The face of `precise_roi_pool_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients
from roikit._dispatch import kernel


def precise_roi_pool_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    *,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of precise RoI pooling with respect to the feature maps.

    With ``bins = precise_roi_pool(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient
    by the bins to its gradient by the features. Each bin gives to the cells that it reads, by their weights.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `precise_roi_pool`.
    input_shape : (N, C, H, W)
        The shape of the features.
    spatial_scale : float, default 1.0
        As it was given to `precise_roi_pool`.
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
        An argument of the wrong kind or value, as in `precise_roi_pool`; a grad without one row for each box,
        or of other channels than input_shape has.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - What a bin has off the map is lost; an empty box gives nothing.
    - NaN: a bin whose gradient is NaN makes all cells NaN that take part in it (see `precise_roi_pool`).

    References
    ----------
    Jiang, Luo, Mao, Xiao and Jiang, "Acquisition of Localization Confidence for Accurate Object Detection",
    ECCV 2018, section 3.3: Precise RoI Pooling.

    Examples
    --------
    From x = 0.5 to 2 and over the rows 0 and 1: the gradient is the weights.

    >>> import numpy as np
    >>> from roikit import precise_roi_pool_backward
    >>> precise_roi_pool_backward(np.full((1, 1, 1, 1), 24.0), [[0, 0.5, 0, 2, 1]], (1, 1, 2, 4))
    array([[[[1., 7., 4., 0.],
             [1., 7., 4., 0.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    _validate_gradients.rows_and_channels(values, boxes, shape[1], "input_shape")
    factor = _validate.scale(spatial_scale)
    _validate.within_reach(boxes, factor)

    into = _arrays.output(
        "out", out, _arrays.laid_out(shape, order), values.dtype, grad=values, rois=boxes.table
    )
    compute = kernel(
        "precise_roi_pool_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype),
        array=values, deterministic=ordered,
    )
    compute(values, boxes.table, _arrays.channels_first(into, order), factor)
    return into if out is None else out
