"""The face of `ps_roi_pool`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_groups
from roikit._dispatch import kernel
from roikit.convention import Convention


def ps_roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    *,
    group_size: int | tuple[int, int] | None = None,
    convention: str | Convention = "exclusive",
    mode: str = "avg",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Pool each bin of each RoI on channels of its own: position-sensitive RoI pooling.

    The map's channels are score maps, a group of GH × GW for each channel c of the output. Bin (ph, pw) is
    the average (or maximum) of its cells, as in `roi_pool`, on channel ``(c * GH + gh) * GW + gw`` with
    ``gh = floor(ph * GH / PH)`` and ``gw = floor(pw * GW / PW)``.

    Parameters
    ----------
    features : (N, C * GH * GW, H, W) array of float16, bfloat16, float32 or float64
        Score maps of N images. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels; or the boxes of each image.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel.
    group_size : int or (height, width), optional
        GH and GW. Without it there is a group for each bin, as in torchvision.
    convention : str or Convention, default "exclusive"
        How a box is cut into bins of whole cells. "exclusive" is torchvision's; "rfcn" that of R-FCN, MXNet,
        Paddle and OpenVINO; "chainercv" ChainerCV's.
    mode : {"avg", "max"}, default "avg"
        The average divides by the number of the bin's cells on the map.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last, in the same order: features (N, H, W, C * GH * GW), output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result does not depend on it.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. A maximum is a cell's value, exactly. An average in a small call is summed
        in float64 and rounded once, to the same bits as the definition; a larger one of float16, bfloat16 or
        float32 may be summed in float32, and then lies, before it is rounded to the features' dtype, within
        1e-6 of the largest magnitude in the map.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_pool`; features with a number of channels that
        GH * GW does not divide.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - Empty bins are 0, and cells off the map are left out. A convention may say otherwise of either.
    - NaN: a bin that holds a NaN on its own channel is NaN; other channels do not matter.

    References
    ----------
    Dai, Li, He and Sun, "R-FCN: Object Detection via Region-based Fully Convolutional Networks", NIPS 2016,
    section 2.2: position-sensitive RoI pooling.

    Examples
    --------
    Four constant score maps, and a box over all: each quarter of it reads the map that is meant for it.

    >>> import numpy as np
    >>> from roikit import ps_roi_pool
    >>> maps = np.ones((1, 4, 4, 4)) * np.array([1.0, 2.0, 3.0, 4.0])[:, None, None]
    >>> ps_roi_pool(maps, [[0, 0, 0, 4, 4]], 2)
    array([[[[1., 2.],
             [3., 4.]]]])

    The same four maps as one group of one channel each: with ``group_size=1`` they are four outputs.

    >>> ps_roi_pool(maps, [[0, 0, 0, 4, 4]], 1, group_size=1).ravel()
    array([1., 2., 3., 4.])

    The largest of each bin instead:

    >>> rising = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> ps_roi_pool(rising, [[0, 0, 0, 4, 4]], 2, group_size=1, mode="max")
    array([[[[ 5.,  7.],
             [13., 15.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    groups = _validate_groups.group_size(group_size, bins)
    C = _validate_groups.output_channels(maps.shape[1], groups, "features")
    rules = _validate.convention(convention)
    how = _validate.mode(mode)
    _validate.within_reach(boxes, factor, rules)

    shape = _arrays.laid_out((len(boxes.table), C, *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel("ps_roi_pool", into.size, num_threads, narrow=narrow, array=maps)
    compute(maps, boxes.table, _arrays.channels_first(into, order), factor, groups, rules, how)
    return into if out is None else out
