"""The face of `ps_roi_align_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _sampling, _validate, _validate_gradients, _validate_groups
from roikit._dispatch import kernel
from roikit.convention import Convention


def ps_roi_align_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    group_size: int | tuple[int, int] | None = None,
    aligned: bool = True,
    convention: str | Convention | None = None,
    mode: str = "avg",
    features: ArrayLike | None = None,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of position-sensitive RoIAlign with respect to the score maps.

    With ``bins = ps_roi_align(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient by
    the bins to its gradient by the features. Each bin hands its gradient in equal shares to its samples, each
    sample to its four neighbours by their weights, on the channel that the bin read. Of a maximum the largest
    sample alone has it all.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `ps_roi_align`.
    input_shape : (N, C * GH * GW, H, W)
        The shape of the features.
    spatial_scale, sampling_ratio, group_size, aligned, convention, mode
        As they were given to `ps_roi_align`.
    features : (N, C * GH * GW, H, W) array of grad's dtype
        As they were given to `ps_roi_align`. The mode "max" needs them; "avg" does not.
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
        up in float64, in the order of RoIs, bins and samples, and rounded once, to the same bits as the
        definition; a larger one of float16, bfloat16 or float32 in float32, but that of maxima in float64.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `ps_roi_align`; a grad without one row for each box, or
        without one channel for each GH * GW of input_shape.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - The share of a sample outside the map is lost; a box without samples gives nothing.
    - Of maxima the first of several equal samples in row-major order is the largest, and in a bin with a NaN
      the first NaN.
    - A NaN (or infinity) in grad goes to all four neighbours, also by weight 0.

    References
    ----------
    Dai, Li, He and Sun, "R-FCN: Object Detection via Region-based Fully Convolutional Networks", NIPS 2016,
    section 2.2, with the bins of He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3.

    Examples
    --------
    Two bins of one row, each with a map of its own and one sample, which lies between two cells.

    >>> import numpy as np
    >>> from roikit import ps_roi_align_backward
    >>> ps_roi_align_backward(np.array([[[[8.0, 2.0]]]]), [[0, 0.5, 0, 2.5, 1]], (1, 2, 1, 4))
    array([[[[4., 4., 0., 0.]],
    <BLANKLINE>
            [[0., 1., 1., 0.]]]])

    Maxima of two samples a bin, at 0.75 and 1.25, and at 1.75 and 2.25, of which the first of equals counts.

    >>> maps = np.array([[[[0.0, 1, 4, 9]], [[0.0, 0, 1, 0]]]])
    >>> sampling = {"sampling_ratio": (1, 2), "mode": "max", "features": maps}
    >>> ps_roi_align_backward(np.array([[[[8.0, 2.0]]]]), [[0, 1, 0, 3, 1]], maps.shape, **sampling)
    array([[[[0. , 6. , 2. , 0. ]],
    <BLANKLINE>
            [[0. , 0.5, 1.5, 0. ]]]])
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
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    how = _validate.mode(mode)
    maps = _validate_gradients.pooled_maps(features, how, values, shape, order)
    _validate.within_reach(boxes, factor)
    reading = _sampling.read_as(boxes, factor, convention, centred and convention is None, how)
    _validate.adaptive_samples(reading.boxes, factor, values.shape[2:], ratio)

    read = _validate_gradients.read_by_kernels(values, boxes, maps)
    into = _arrays.output("out", out, _arrays.laid_out(shape, order), values.dtype, **read)
    compute = kernel(
        "ps_roi_align_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype), array=values,
        deterministic=ordered,
    )
    sampling = factor, ratio, groups, reading.aligned, how, maps, reading.empty_value
    compute(values, reading.boxes.table, _arrays.channels_first(into, order), *sampling)
    return into if out is None else out
