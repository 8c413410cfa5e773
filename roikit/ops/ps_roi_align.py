"""The face of `ps_roi_align`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _sampling, _validate, _validate_groups
from roikit._dispatch import kernel
from roikit.convention import Convention


def ps_roi_align(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    *,
    group_size: int | tuple[int, int] | None = None,
    aligned: bool = True,
    convention: str | Convention | None = None,
    mode: str = "avg",
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Sample each bin of each RoI bilinearly, on channels of its own: position-sensitive RoIAlign.

    The map's channels are score maps, a group of GH × GW for each channel c of the output. Bin (ph, pw) is
    the average or maximum of its samples, as in `roi_align`, on channel ``(c * GH + gh) * GW + gw`` with
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
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin. Where it is not positive it is adaptive: ``ceil(height / PH)`` by
        ``ceil(width / PW)`` of the scaled box. At most 4096 a side.
    group_size : int or (height, width), optional
        GH and GW. Without it there is a group for each bin, as in torchvision.
    aligned : bool, default True
        True: a cell's value stands at its centre, so 0.5 is subtracted from the scaled box. False: at the
        cell's integer corner, and the box is made at least 1 cell wide and high.
    convention : str or Convention, optional
        Where a box is read, as in `roi_align`, instead of what `aligned` says: "chainercv_align" is
        ChainerCV's.
    mode : {"avg", "max"}, default "avg"
        What becomes of a bin's samples.
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
        Row k belongs to rois[k]. A small call is computed in float64 and rounded once, to the same bits as
        the definition; a larger one of float16, bfloat16 or float32 may be computed in float32, and then
        lies, before it is rounded to the features' dtype, within 1e-6 of the largest magnitude in the map
        (2e-6 where bins are hundreds of cells wide).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align`; features with a number of channels that
        GH * GW does not divide.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A sample outside ``[-1, H]`` or ``[-1, W]`` is 0, and stays in the divisor; in a maximum it is the
      `empty_value` of the convention.
    - With ``aligned=True`` an empty or reversed box has no adaptive samples, and gives 0; with a positive
      `sampling_ratio` it is sampled as it stands.
    - NaN: a bin with a sample that has a NaN among its four neighbours, on the bin's own channel, is NaN.

    References
    ----------
    Dai, Li, He and Sun, "R-FCN: Object Detection via Region-based Fully Convolutional Networks", NIPS 2016,
    section 2.2, with the bins of He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3.

    Examples
    --------
    Two bins of one row, each with a map of its own: cell 1 of the first, and cell 2 of the second.

    >>> import numpy as np
    >>> from roikit import ps_roi_align
    >>> maps = np.array([[[[0.0, 1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0, 40.0]]]])
    >>> ps_roi_align(maps, [[0, 1, 0, 3, 1]], (1, 2))
    array([[[[ 1., 30.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    groups = _validate_groups.group_size(group_size, bins)
    C = _validate_groups.output_channels(maps.shape[1], groups, "features")
    centred = _validate.flag("aligned", aligned)
    how = _validate.mode(mode)
    _validate.within_reach(boxes, factor)
    reading = _sampling.read_as(boxes, factor, convention, centred and convention is None, how)
    _validate.adaptive_samples(reading.boxes, factor, bins, ratio)

    shape = _arrays.laid_out((len(boxes.table), C, *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel("ps_roi_align", into.size, num_threads, narrow=narrow, array=maps)
    sampling = factor, ratio, groups, reading.aligned, how, reading.empty_value
    compute(maps, reading.boxes.table, _arrays.channels_first(into, order), *sampling)
    return into if out is None else out
