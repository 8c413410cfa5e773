"""The face of `ps_crop_and_resize`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_crops, _validate_groups
from roikit._parts import parts
from roikit.ops.crop_and_resize import crop_and_resize


def ps_crop_and_resize(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    extrapolation_value: float = 0.0,
    *,
    group_size: int | tuple[int, int],
    method: str = "bilinear",
    coordinates: str = "normalized",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Crop each part of each RoI from channels of its own, and average the crops.

    A box is cut into GH × GW equal parts. `crop_and_resize` crops part (gh, gw) to PH × PW points, from the
    C channels ``(gh * GW + gw) * C ...`` of the map, and the output is the crops' average, point by point.
    It is OpenVINO's bilinear PSROIPooling. (In `ps_roi_pool` each bin reads one group of channels; here each
    point reads all of them.)

    Parameters
    ----------
    features : (N, GH * GW * C, H, W) array of float16, bfloat16, float32 or float64
        Score maps of N images: C of the first part, then C of the next. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        As in `crop_and_resize`: batch index (0-based), x1, y1, x2, y2 in units of `coordinates`.
    output_size : int or (height, width)
        Points of one part, PH and PW.
    extrapolation_value : float, default 0.0
        The value of a point off the map; it takes part in the average.
    group_size : int or (height, width)
        Parts of a box, GH and GW: OpenVINO's ``spatial_bins_y`` and ``spatial_bins_x``.
    method, coordinates
        As in `crop_and_resize`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last, in the same order: features (N, H, W, GH * GW * C), output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. Each part's crop is that of `crop_and_resize`, in the features' dtype; they
        are added up in float64, part after part.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `crop_and_resize`; features with a number of channels
        that GH * GW does not divide; a box that reaches beyond 2**1000.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    OpenVINO multiplies boxes by a ``spatial_scale`` first, and computes in float32.

    References
    ----------
    OpenVINO, ``PSROIPooling`` with the mode "bilinear".

    Examples
    --------
    A left and a right score map, and a box over both halves. The left half's points are columns 0 and 1.5 of
    the first, the right half's columns 1.5 and 3 of the second:

    >>> import numpy as np
    >>> from roikit import ps_crop_and_resize
    >>> maps = np.array([[[[0.0, 1.0, 2.0, 3.0]], [[0.0, 10.0, 20.0, 30.0]]]])
    >>> ps_crop_and_resize(maps, [[0, 0, 0, 1, 0]], (1, 2), group_size=(1, 2))
    array([[[[ 7.5 , 15.75]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    points = _validate.output_size(output_size)
    outside = _validate_crops.extrapolation_value(extrapolation_value)
    groups = _validate_groups.parts(group_size)
    _validate_groups.within_reach_of_parts(boxes)
    C = _validate_groups.output_channels(maps.shape[1], groups, "features")
    options: dict[str, Any] = {
        "method": _validate_crops.method(method), "coordinates": _validate_crops.coordinates(coordinates),
        "num_threads": num_threads,
    }

    shape = _arrays.laid_out((len(boxes.table), C, *points), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
    if into.size:
        total: Any = 0.0
        for part in parts(boxes.table, groups, C):
            crop = crop_and_resize(maps[:, part.channels], part.rois, points, outside, **options)
            with np.errstate(all="ignore"):  # what is in the maps is the caller's business
                total = crop.astype(np.float64) + total
        with np.errstate(all="ignore"):
            _arrays.channels_first(into, order)[...] = total / (groups[0] * groups[1])
    return into if out is None else out
