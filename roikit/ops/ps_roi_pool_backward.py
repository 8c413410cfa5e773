"""The face of `ps_roi_pool_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_groups
from roikit._dispatch import kernel
from roikit.convention import Convention


def ps_roi_pool_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    *,
    group_size: int | tuple[int, int] | None = None,
    convention: str | Convention = "exclusive",
    mode: str = "avg",
    features: ArrayLike | None = None,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of position-sensitive RoI pooling with respect to the score maps.

    With ``bins = ps_roi_pool(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient by the
    bins to its gradient by the features. Each bin hands its gradient in equal shares to its cells, on the
    channel that it read, or all of it to its maximum; what several give to one cell adds up.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `ps_roi_pool`.
    input_shape : (N, C * GH * GW, H, W)
        The shape of the features.
    spatial_scale, group_size, convention, mode
        As they were given to `ps_roi_pool`.
    features : (N, C * GH * GW, H, W) array of grad's dtype
        As they were given to `ps_roi_pool`. The mode "max" needs them; "avg" does not.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shape (N, H, W, C * GH * GW).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad, or with
        features whose maxima are looked for.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result does not depend on it.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run. False lets the GPU's threads add in the
        order in which they come, by atomics. On a CPU it makes no difference.

    Returns
    -------
    (N, C * GH * GW, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given. A small `grad` (of fewer than 2**14 elements) is added
        up in float64, in the order of RoIs and bins, and rounded once, to the same bits as the definition; a
        larger one of float16, bfloat16 or float32 in float32, but that of maxima in float64.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `ps_roi_pool`; a grad without one row for each box, or
        without one channel for each GH * GW of input_shape.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - An empty bin gives nothing. Where a convention counts cells off the map as 0, their shares are lost, and
      so is the gradient of a maximum that is such a 0.
    - Of several maxima of a bin the first in row-major order has the gradient, and of a bin that holds a NaN
      its first NaN.
    - A NaN (or infinity) in grad goes to the cells of its bin, and to no other.

    References
    ----------
    Dai, Li, He and Sun, "R-FCN: Object Detection via Region-based Fully Convolutional Networks", NIPS 2016,
    section 2.2.

    Examples
    --------
    Two bins of one row: the first lies on two cells of channel 0, the second on two of channel 1.

    >>> import numpy as np
    >>> from roikit import ps_roi_pool_backward
    >>> ps_roi_pool_backward(np.array([[[[8.0, 2.0]]]]), [[0, 0, 0, 4, 1]], (1, 2, 1, 4))
    array([[[[4., 4., 0., 0.]],
    <BLANKLINE>
            [[0., 0., 1., 1.]]]])

    Of their maxima, the first of two 7s and a 9:

    >>> maps = np.array([[[[7.0, 7.0, 9.0, 9.0]], [[8.0, 8.0, 5.0, 9.0]]]])
    >>> options = {"mode": "max", "features": maps}
    >>> ps_roi_pool_backward(np.array([[[[8.0, 2.0]]]]), [[0, 0, 0, 4, 1]], (1, 2, 1, 4), **options)
    array([[[[8., 0., 0., 0.]],
    <BLANKLINE>
            [[0., 0., 0., 2.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    groups = _validate_groups.group_size(group_size, values.shape[2:])
    _validate_groups.rows_and_channels(values, boxes, shape[1], groups, "input_shape")
    factor = _validate.scale(spatial_scale)
    rules = _validate.convention(convention)
    how = _validate.mode(mode)
    maps = _validate_gradients.pooled_maps(features, how, values, shape, order)
    _validate.within_reach(boxes, factor, rules)

    read = _validate_gradients.read_by_kernels(values, boxes, maps)
    into = _arrays.output("out", out, _arrays.laid_out(shape, order), values.dtype, **read)
    compute = kernel(
        "ps_roi_pool_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype), array=values,
        deterministic=ordered,
    )
    compute(values, boxes.table, _arrays.channels_first(into, order), factor, groups, rules, how, maps)
    return into if out is None else out
