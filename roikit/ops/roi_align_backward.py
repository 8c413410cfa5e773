"""The face of `roi_align_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _sampling, _validate, _validate_gradients
from roikit._dispatch import kernel
from roikit.convention import Convention


def roi_align_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
    features: ArrayLike | None = None,
    convention: str | Convention | None = None,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of RoIAlign with respect to the feature maps.

    With ``bins = roi_align(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient by the
    bins to its gradient by the features. Each bin hands its gradient in equal shares to its samples, each
    sample to its four neighbours by their weights; what several give to one cell adds up. Of a maximum the
    largest sample alone has it all.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `roi_align`.
    input_shape : (N, C, H, W)
        The shape of the features.
    spatial_scale, sampling_ratio, aligned, mode, convention
        As they were given to `roi_align`.
    features : (N, C, H, W) array of grad's dtype
        As they were given to `roi_align`. The modes "max" and "max_corners" need them; "avg" does not.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shape (N, H, W, C).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad, or with
        features whose maxima are looked for.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run. False lets the GPU's threads add in the
        order in which they come, by atomics. On a CPU it makes no difference.

    Returns
    -------
    (N, C, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align`; a grad without one row for each box, or of
        other channels than input_shape has.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A small `grad` (of fewer than 2**14 elements) is added up in float64, in the order of RoIs, bins and
      samples, and rounded once, to the same bits as the definition. A larger one of float16, bfloat16 or
      float32 is added up in float32, weights first, as ``W_yᵀ · grad · W_x``; float64 in float64. That of
      maxima is always added up in float64.
    - A sample outside ``[-1, H]`` or ``[-1, W]`` gives nothing, and its share is lost; one that is clamped to
      the map gives to the cell that it read.
    - Of maxima the first of several equal samples in row-major order is the largest, and in a bin with a NaN
      the first NaN. If it lies outside the map, nothing is given. In the mode "max_corners" one neighbour has
      it all, times its weight: the first of equals from top left to bottom right.
    - NaN: all four neighbours of a sample take part, so a NaN (or an inf, where the weight is 0) makes all of
      them NaN.

    References
    ----------
    He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3: RoIAlign.

    Examples
    --------
    One sample at (0.5, 0.25), nearer to the left: its weights are the gradient.

    >>> import numpy as np
    >>> from roikit import roi_align_backward
    >>> grad, box = np.ones((1, 1, 1, 1)), [[0, -0.25, 0, 0.75, 1]]
    >>> roi_align_backward(grad, box, (1, 1, 3, 3), sampling_ratio=1)
    array([[[[0.375, 0.125, 0.   ],
             [0.375, 0.125, 0.   ],
             [0.   , 0.   , 0.   ]]]])

    Two samples, (0.5, 0.5) and (0.5, 1.5), and only the second, the larger, is in the maximum.

    >>> maps, box = np.arange(9.0).reshape(1, 1, 3, 3), [[0, 0, 0, 2, 1]]
    >>> roi_align_backward(grad, box, maps.shape, sampling_ratio=(1, 2), mode="max", features=maps)
    array([[[[0.  , 0.25, 0.25],
             [0.  , 0.25, 0.25],
             [0.  , 0.  , 0.  ]]]])
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
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    how = _validate.sampling_mode(mode)
    maps = _validate_gradients.pooled_maps(features, how, values, shape, order)
    _validate.within_reach(boxes, factor)
    reading = _sampling.read_as(boxes, factor, convention, centred, how)
    _validate.adaptive_samples(reading.boxes, factor, values.shape[2:], ratio)

    read = _validate_gradients.read_by_kernels(values, boxes, maps)
    into = _arrays.output("out", out, _arrays.laid_out(shape, order), values.dtype, **read)
    compute = kernel(
        "roi_align_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype), array=values,
        deterministic=ordered,
    )
    sampling = factor, ratio, reading.aligned, how, maps, reading.empty_value
    compute(values, reading.boxes.table, _arrays.channels_first(into, order), *sampling)
    return into if out is None else out
