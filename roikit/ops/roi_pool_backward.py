"""The face of `roi_pool_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients
from roikit._dispatch import is_fast, kernel


def roi_pool_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    argmax: ArrayLike,
    input_shape: tuple[int, int, int, int],
    *,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of RoI max pooling with respect to the feature maps.

    Each bin gives its gradient to the one cell where `roi_pool` found its maximum; what several bins give to
    one cell adds up. Boxes and conventions play no part any more: the argmax says it all. The gradient of the
    mode "avg" is `ps_roi_pool_backward` with ``group_size=1`` and the convention of `roi_pool`.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `roi_pool`: which image each row belongs to.
    argmax : (K, C, PH, PW) array, int32 or int64
        What `roi_pool` gives with ``return_argmax=True``: ``y * W + x``, or -1 for a bin that is no cell's.
    input_shape : (N, C, H, W)
        The shape of the features.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad and argmax (K, PH, PW, C), input_shape (N, H, W, C).
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
    (N, C, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given. A small `grad` (of fewer than 2**14 elements) is added
        up in float64, in the order of RoIs and bins, and rounded once, to the same bits as the definition;
        a larger one of float16, bfloat16 or float32 in float32.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_pool`; a grad without one row for each box, or of
        other channels than input_shape has; an argmax that is neither -1 nor a cell of the map.
    MemoryError
        An output for which there is no room.

    References
    ----------
    Girshick, "Fast R-CNN", ICCV 2015, section 2.3: back-propagation through RoI pooling layers.

    Examples
    --------
    Two bins that share a column, and its maximum, under the convention "caffe": 1 + 10 go there.

    >>> import numpy as np
    >>> from roikit import roi_pool, roi_pool_backward
    >>> features, box = np.array([[[[1.0, 3.0, 2.0]]]]), [[0, 0, 0, 2, 0]]
    >>> bins, argmax = roi_pool(features, box, (1, 2), return_argmax=True)
    >>> argmax.tolist()
    [[[[1, 1]]]]
    >>> roi_pool_backward(np.array([[[[1.0, 10.0]]]]), box, argmax, features.shape)
    array([[[[ 0., 11.,  0.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    _validate_gradients.rows_and_channels(values, boxes, shape[1], "input_shape")
    found = _validate_gradients.cells(argmax, values, order)

    into = _arrays.output(
        "out", out, _arrays.laid_out(shape, order), values.dtype, grad=values, rois=boxes.table, argmax=found
    )
    narrow = _arrays.is_half(values.dtype)
    compute = kernel(
        "roi_pool_backward", values.size, num_threads, narrow=narrow, outs=(3,), array=values,
        deterministic=ordered,
    )
    if not is_fast(compute):  # which looks while it computes, and tells
        _validate_gradients.check_cells(found, *shape[2:])
    if compute(values, boxes.table, found, _arrays.channels_first(into, order)):
        _validate_gradients.check_cells(found, *shape[2:])
    return into if out is None else out
