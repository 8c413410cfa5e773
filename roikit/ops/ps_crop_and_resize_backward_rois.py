"""The face of `ps_crop_and_resize_backward_rois`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_crops, _validate_gradients, _validate_groups
from roikit._parts import add_to_ends, parts
from roikit.ops.crop_and_resize_backward_rois import crop_and_resize_backward_rois


def ps_crop_and_resize_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    *,
    group_size: int | tuple[int, int],
    coordinates: str = "normalized",
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of bilinear `ps_crop_and_resize` with respect to the boxes.

    With ``crops = ps_crop_and_resize(features, rois, (PH, PW), ...)`` and any loss of these: from its
    gradient by the crops to its gradient by x1, y1, x2 and y2. Where a box moves, its parts move along, each
    as far as it lies from the other end, and each of their points feels the slope of its own map.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each point. Any strides and byte order.
    features : (N, GH * GW * C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    group_size, coordinates
        As they were given to `ps_crop_and_resize`, whose method was "bilinear".
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, GH * GW * C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per unit of `coordinates`: sums of those that
        `crop_and_resize_backward_rois` gives for the parts.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `ps_crop_and_resize`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    On a cell, and on the map's last row and column, slopes are those of `crop_and_resize_backward_rois`.

    References
    ----------
    OpenVINO, ``PSROIPooling`` with the mode "bilinear", which has no gradient there.

    Examples
    --------
    Two halves with one point each, in the middle of the half: the left one's moves by 3/4 of what the left
    end does, the right one's by 1/4. Their maps rise by 3 and 30 from end to end.

    >>> import numpy as np
    >>> from roikit import ps_crop_and_resize_backward_rois
    >>> maps = np.array([[[[0.0, 1.0, 2.0, 3.0]], [[0.0, 10.0, 20.0, 30.0]]]])
    >>> ps_crop_and_resize_backward_rois(np.ones((1, 1, 1, 1)), maps, [[0, 0, 0, 1, 0]], group_size=(1, 2))
    array([[ 4.875,  0.   , 11.625,  0.   ]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    groups = _validate_groups.parts(group_size)
    _validate_groups.within_reach_of_parts(boxes)
    _validate_groups.rows_and_channels(values, boxes, maps.shape[1], groups, "features")
    units = _validate_crops.coordinates(coordinates)

    out: Any = _arrays.output("out", None, (len(boxes.table), 4), np.float64, features=maps)
    out.fill(0)
    if values.size:
        with np.errstate(all="ignore"):  # what is in the arrays is the caller's business
            for part in parts(boxes.table, groups, values.shape[1]):
                mine = maps[:, part.channels]
                by_part = crop_and_resize_backward_rois(
                    values, mine, part.rois, coordinates=units, num_threads=num_threads
                )
                add_to_ends(out, by_part, part, groups)
            out[...] = out / (groups[0] * groups[1])
    return out
