"""The face of `ps_crop_and_resize_backward`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_crops, _validate_gradients, _validate_groups
from roikit._parts import parts
from roikit.ops.crop_and_resize_backward import crop_and_resize_backward


def ps_crop_and_resize_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shape: tuple[int, int, int, int],
    *,
    group_size: int | tuple[int, int],
    method: str = "bilinear",
    coordinates: str = "normalized",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of `ps_crop_and_resize` with respect to the score maps.

    With ``crops = ps_crop_and_resize(features, rois, (PH, PW), ...)`` and any loss of these: from its
    gradient by the crops to its gradient by the features. The parts of a box share a point's gradient
    equally, and each gives its share to what it read, as in `crop_and_resize_backward`.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each point. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As they were given to `ps_crop_and_resize`.
    input_shape : (N, GH * GW * C, H, W)
        The shape of the features.
    group_size, method, coordinates
        As they were given to `ps_crop_and_resize`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shape (N, H, W, GH * GW * C).
    out : array of input_shape and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad.
    num_threads : int, optional
        Threads that may compute, as in `crop_and_resize_backward`.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run.

    Returns
    -------
    (N, GH * GW * C, H, W) array of grad's dtype
        As `layout` orders it; `out`, if that is given. Shares are rounded to grad's dtype, and added up as in
        `crop_and_resize_backward`.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `ps_crop_and_resize`; a grad without one row for each
        box, or without one channel for each GH * GW of input_shape.
    MemoryError
        An output for which there is no room.

    References
    ----------
    OpenVINO, ``PSROIPooling`` with the mode "bilinear", which has no gradient there.

    Examples
    --------
    One point in the middle of each half, at columns 0.75 and 2.25, and half of the gradient for each:

    >>> import numpy as np
    >>> from roikit import ps_crop_and_resize_backward
    >>> grad, box = np.full((1, 1, 1, 1), 8.0), [[0, 0, 0, 1, 0]]
    >>> ps_crop_and_resize_backward(grad, box, (1, 2, 1, 4), group_size=(1, 2))
    array([[[[1., 3., 0., 0.]],
    <BLANKLINE>
            [[0., 0., 3., 1.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shape = _validate_gradients.map_shape(input_shape, order)
    boxes = _validate.regions(rois, shape[0], "input_shape", beside=values)
    groups = _validate_groups.parts(group_size)
    _validate_groups.within_reach_of_parts(boxes)
    _validate_groups.rows_and_channels(values, boxes, shape[1], groups, "input_shape")
    options: dict[str, Any] = {
        "method": _validate_crops.method(method), "coordinates": _validate_crops.coordinates(coordinates),
        "num_threads": num_threads, "deterministic": _validate.flag("deterministic", deterministic),
    }

    into = _arrays.output(
        "out", out, _arrays.laid_out(shape, order), values.dtype, grad=values, rois=boxes.table
    )
    if into.size:
        with np.errstate(all="ignore"):  # what is in grad is the caller's business
            shares = (values / (groups[0] * groups[1])).astype(values.dtype)
        planes = _arrays.channels_first(into if out is None else out, order)
        for part in parts(boxes.table, groups, values.shape[1]):
            mine = planes[:, part.channels]
            crop_and_resize_backward(shares, part.rois, mine.shape, out=mine, **options)
    return into if out is None else out
