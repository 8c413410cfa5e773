"""The face of `riroi_align_rotated`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_orientations, _validate_rotated
from roikit._dispatch import kernel


def riroi_align_rotated(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    num_orientations: int = 8,
    aligned: bool = True,
    angle: str = "degrees",
    clockwise: bool = False,
    mixing: str = "linear",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """RoIAlign of rotated boxes on a map whose channels are orientations: rotation-invariant RoIAlign.

    A rotation-equivariant network looks for everything in O orientations, one after the other all around:
    channel ``c * O + o`` of the map has found c turned counter-clockwise by ``o / O`` of a turn. The bins are
    those of `roi_align_rotated`; and as their box is turned, so are their orientations turned back. What
    comes out is the same however an object, and the box around it, are turned.

    With a box turned counter-clockwise by ``i + f`` steps of ``1 / O`` of a turn (i whole, ``0 <= f < 1``)
    channel ``c * O + o`` of the output is ``(1 - f)`` times that of orientation ``o + i`` and f times that of
    ``o + i + 1``, counted on from the last to the first.

    Parameters
    ----------
    features : (N, C * O, H, W) array of float16, bfloat16, float32 or float64
        Any strides and byte order, as in `roi_align`.
    rois : (K, 6) array, or list of N arrays (L, 5)
        Batch index (0-based), centre x, centre y, width and height in image pixels, angle; as in
        `roi_align_rotated`.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel.
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin; where it is not positive as many as `roi_align_rotated` takes.
    num_orientations : int, default 8
        O, by which the number of channels must be divisible.
    aligned : bool, default True
        True: a cell's value stands at its centre, so 0.5 is subtracted from the scaled centre of the box.
        False: at the cell's integer corner, and the box is made at least 1 cell wide and high.
    angle : {"degrees", "radians"}, default "degrees"
        What the angles are in.
    clockwise : bool, default False
        Whether a positive angle turns clockwise, as one sees it on the image, whose y points down.
    mixing : {"linear", "redet"}, default "linear"
        "redet" mixes as ReDet's own code and mmcv do: with the angle as it is given, whichever way it turns,
        ``i + f`` steps, ``(1 - f)`` times orientation ``o - i`` and f times ``o - i + 1``. By whole steps it
        is the same where `clockwise` is True. Between them it is mixed with the neighbour on the other side,
        and leaps where the next step begins.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, C * O) and the output (K, PH, PW, C * O).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features.
    num_threads : int, optional
        How many threads may compute, as in `roi_align`.

    Returns
    -------
    (K, C * O, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. A small call is computed in float64 and rounded once, to the same bits as
        the definition; a larger one of float16, bfloat16 or float32 is computed in float32, and lies, before
        it is rounded to the features' dtype, within about 1e-6 of the largest magnitude in the map.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align_rotated`; a number of channels that is no
        multiple of `num_orientations`.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - Samples outside the map, NaN and boxes without a width or height: as in `roi_align_rotated`. Both
      orientations take part, also by weight 0: a NaN in either makes the bin NaN.
    - Multiples of 90 degrees have the exact cosines and sines 0, 1 and -1; and multiples of ``360 / O``,
      where float64 holds that exactly (not for 7 orientations), no part of a step.
    - Boxes on a GPU are looked at by the kernel alone: one of which nothing can be computed gives NaN, and
      `roikit.gpu.check` tells.

    References
    ----------
    Han, Ding, Xue and Xia, "ReDet: A Rotation-equivariant Detector for Aerial Object Detection", CVPR 2021.

    Examples
    --------
    One cell that has something in the first of four orientations, and an upright box. Turned by 90 degrees it
    is found in the second, and by a box that is turned with it in the first again; by a box that is turned by
    half as much, half in the first and half in the last.

    >>> import numpy as np
    >>> from roikit import riroi_align_rotated
    >>> upright = np.array([8.0, 0.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    >>> riroi_align_rotated(upright, [[0, 0.5, 0.5, 1, 1, 0]], 1, num_orientations=4)[0, :, 0, 0]
    array([8., 0., 0., 0.])
    >>> turned = np.array([0.0, 8.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    >>> riroi_align_rotated(turned, [[0, 0.5, 0.5, 1, 1, 90]], 1, num_orientations=4)[0, :, 0, 0]
    array([8., 0., 0., 0.])
    >>> riroi_align_rotated(upright, [[0, 0.5, 0.5, 1, 1, 45]], 1, num_orientations=4)[0, :, 0, 0]
    array([4., 0., 0., 4.])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate_rotated.regions(rois, len(maps), "features", maps)
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    turn = _validate_rotated.turn(angle, clockwise)
    how = _validate_orientations.read_mixing(num_orientations, mixing, turn)
    _validate_orientations.check_channels(maps.shape[1], how.num_orientations, "features")
    _validate_rotated.within_reach(boxes, factor)
    _validate_rotated.adaptive_samples(boxes, factor, bins, ratio)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps)
    values = _arrays.channels_first(into, order)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel("riroi_align_rotated", values.size, num_threads, narrow=narrow, outs=(3,), array=maps)
    frames, shifts = _validate_rotated.frames(boxes, turn), _validate_orientations.shifts(boxes, how)
    compute(maps, frames, shifts, values, factor, ratio, centred, how.num_orientations)
    return into if out is None else out
