"""The face of `roi_align_rotated`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_rotated
from roikit._dispatch import kernel


def roi_align_rotated(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = True,
    *,
    angle: str = "degrees",
    clockwise: bool = False,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Average RoIAlign of boxes that are turned about their centres.

    The sample points of the upright box, as `roi_align` has them, are turned by the box's angle; each is
    interpolated bilinearly, and a bin's value is their average. Bin (0, 0) is the corner that would be on top
    and to the left if the box stood upright.

    Parameters
    ----------
    features : (N, C, H, W) array of float16, bfloat16, float32 or float64
        Any strides and byte order, as in `roi_align`.
    rois : (K, 6) array, or list of N arrays (L, 5)
        Batch index (0-based), centre x, centre y, width and height in image pixels, angle; any real dtype. Or
        the boxes of each image. They are float64 inside, whatever the features are.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel.
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin. Where it is not positive it is adaptive: ``ceil(height / PH)`` by
        ``ceil(width / PW)`` with the box's own height and width in cells. At most 4096 a side.
    aligned : bool, default True
        True: a cell's value stands at its centre, so 0.5 is subtracted from the scaled centre of the box.
        False: at the cell's integer corner, and the box is made at least 1 cell wide and high.
    angle : {"degrees", "radians"}, default "degrees"
        What the angles are in.
    clockwise : bool, default False
        Whether a positive angle turns clockwise, as one sees it on the image, whose y points down.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, C) and the output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features.
    num_threads : int, optional
        How many threads may compute, as in `roi_align`.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. A small call is computed in float64 and rounded once, to the same bits as
        the definition; a larger one of float16, bfloat16 or float32 is computed in float32, and lies, before
        it is rounded to the features' dtype, within about 1e-6 of the largest magnitude in the map.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align`; a negative width or height.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A sample outside ``[-1, H]`` or ``[-1, W]`` is 0 and stays in the divisor; one that is nearer to the map
      is clamped to it. NaN: a sample with a NaN among its four neighbours is NaN, also by weight 0.
    - A box without width or height has no adaptive samples, and gives 0; with a positive `sampling_ratio` it
      is sampled as a line, or a point.
    - Multiples of 90 degrees have the exact cosines and sines 0, 1 and -1; in radians no number is a quarter
      of a turn, and samples lie off by the rounding of pi.
    - Boxes on a GPU are looked at by the kernel alone: one of which nothing can be computed gives NaN, and
      `roikit.gpu.check` tells.

    References
    ----------
    Ma, Shao, Ye, Wang, Wang, Zheng and Xue, "Arbitrary-Oriented Scene Text Detection via Rotation Proposals",
    IEEE Transactions on Multimedia, 2018; with the samples of He, Gkioxari, Dollár and Girshick, "Mask
    R-CNN", ICCV 2017.

    Examples
    --------
    A box of 2 × 2 about (2, 2), one sample a bin, on cells (1, 1), (1, 2), (2, 1) and (2, 2). Turned by 90
    degrees its top left corner comes to lie at the bottom left.

    >>> import numpy as np
    >>> from roikit import roi_align_rotated
    >>> features = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> roi_align_rotated(features, [[0, 2, 2, 2, 2, 0]], 2)
    array([[[[ 5.,  6.],
             [ 9., 10.]]]])
    >>> roi_align_rotated(features, [[0, 2, 2, 2, 2, 90]], 2)
    array([[[[ 9.,  5.],
             [10.,  6.]]]])
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
    _validate_rotated.within_reach(boxes, factor)
    _validate_rotated.adaptive_samples(boxes, factor, bins, ratio)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps)
    values = _arrays.channels_first(into, order)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel("roi_align_rotated", values.size, num_threads, narrow=narrow, array=maps)
    compute(maps, _validate_rotated.frames(boxes, turn), values, factor, ratio, centred)
    return into if out is None else out
