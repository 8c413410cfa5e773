"""The face of `roi_align`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate
from roikit._dispatch import kernel


def roi_align(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
) -> NDArray[Any]:
    """Sample each RoI bilinearly at regular points, without quantizing box or bins.

    Each bin is cut into ``sampling_ratio × sampling_ratio`` equal parts and sampled at their centres by the
    rule of `bilinear_interpolate`; the bin's value is the samples' average or maximum, for each channel by
    itself.

    Parameters
    ----------
    features : (N, C, H, W) array, float32 or float64
        Feature maps of N images. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of each image.
        They are float64 inside, whatever the features are.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel. An image of 224 over a map of 14 has 14 / 224.
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin: 2 is 2×2 points. Where it is not positive it is adaptive:
        ``ceil(height / PH)`` by ``ceil(width / PW)`` with the height and width of the scaled box in cells,
        for each RoI. At most 4096 a side.
    aligned : bool, default False
        True: a cell's value stands at its centre, so 0.5 is subtracted from the scaled box. False: at the
        cell's integer corner, and the box is made at least 1 cell wide and high.
    mode : {"avg", "max"}, default "avg"
        "max" is the maximum of the interpolated samples (not of the weighted neighbours, as ONNX Runtime's).

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. Computed in float64 and rounded once.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: a batch index that features does not hold, a box that is not
        finite or reaches beyond 2**40 cells, more than 4096 adaptive sample points a side, a map that is
        empty or has more than 2**40 cells, a masked element, an object that is an array by its
        ``__array_interface__`` alone, an output of more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A sample outside ``[-1, H]`` or ``[-1, W]`` is 0: it stays in the average's divisor, and takes part in
      the maximum.
    - With ``aligned=True`` an empty or reversed box has no adaptive samples, and gives 0; with a positive
      `sampling_ratio` it is sampled as it stands, backwards if reversed.
    - NaN: a sample with a NaN among its four neighbours is NaN, even where that neighbour's weight is 0 (an
      infinite neighbour with weight 0 makes NaN too); a NaN sample makes the bin NaN, in both modes.

    References
    ----------
    He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3: RoIAlign.

    Examples
    --------
    One sample at (0.5, 0.5): the mean of 0, 1, 4 and 5.

    >>> import numpy as np
    >>> from roikit import roi_align
    >>> roi_align(np.arange(16.0).reshape(1, 1, 4, 4), [[0, 0, 0, 1, 1]], 1, sampling_ratio=1)
    array([[[[2.5]]]])
    """
    maps = _validate.feature_maps(features)
    boxes = _validate.regions(rois, images=len(maps))
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    how = _validate.mode(mode)
    _validate.within_reach(boxes, factor)
    _validate.adaptive_samples(boxes, factor, bins, ratio)

    out = _arrays.room("the output", (len(boxes.table), maps.shape[1], *bins), maps.dtype)
    kernel("roi_align")(maps, boxes.table, out, factor, ratio, centred, how)
    return out
