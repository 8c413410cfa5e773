"""The face of `roi_align_pyramid_backward_rois`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_pyramid
from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align_backward_rois import roi_align_backward_rois


def roi_align_pyramid_backward_rois(
    grad: ArrayLike,
    features: Sequence[ArrayLike],
    rois: ArrayLike,
    spatial_scales: Sequence[float],
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
    canonical_level: int = 4,
    canonical_size: float = 224.0,
    eps: float = 1e-6,
    eps_of: str = "level",
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of `roi_align_pyramid` with respect to the boxes.

    For each box it is that of `roi_align` on the map of its level: a box that grows beyond a level's border
    jumps to another map, of which no gradient tells.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : list of (N, C, H, W) arrays, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    spatial_scales, sampling_ratio, aligned, mode, canonical_level, canonical_size, eps, eps_of
        All as they were given to `roi_align_pyramid`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C).
    num_threads
        As in `roi_align_backward_rois`.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per image pixel.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align_pyramid`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    References
    ----------
    Lin, Dollár, Girshick, He, Hariharan and Belongie, "Feature Pyramid Networks for Object Detection", CVPR
    2017, section 4.2 and equation 1.

    Examples
    --------
    A map of stride 32 that rises by 64 a column, which is 2 an image pixel: the sample in the middle of the
    box moves by half of what either end does.

    >>> import numpy as np
    >>> from roikit import roi_align_pyramid_backward_rois
    >>> fine, coarse = np.zeros((1, 1, 32, 32)), np.tile(64.0 * np.arange(16), (1, 1, 16, 1))
    >>> grad, box = np.ones((1, 1, 1, 1)), [[0, 0, 0, 448, 448]]
    >>> roi_align_pyramid_backward_rois(grad, [fine, coarse], box, [1 / 16, 1 / 32], 1)
    array([[1., 0., 1., 0.]])
    """
    order = _validate.layout(layout)
    maps = _validate_pyramid.maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps[0])
    boxes = _validate_pyramid.boxes(rois, len(maps[0]), "features", beside=maps[0])
    _validate_gradients.rows_and_channels(values, boxes, maps[0].shape[1], "features")
    factors, levels = _validate_pyramid.scales(spatial_scales, len(maps), "features")
    ratio = _validate.sampling_ratio(sampling_ratio)
    how = _validate.sampling_mode(mode)
    rule = _validate_pyramid.rule(canonical_level, canonical_size, eps, eps_of)
    of_each = pyramid_levels(boxes.table, levels.tolist(), **rule._asdict())
    _validate_pyramid.reach_and_samples(boxes, of_each, factors, values.shape[2:], ratio)

    shape = len(boxes.table), 4
    out: NDArray[np.float64] = _arrays.output("out", None, shape, np.float64, features=maps[0])
    for level, (each, factor) in enumerate(zip(maps, factors, strict=True)):
        rows = np.flatnonzero(of_each == level)
        out[rows] = roi_align_backward_rois(
            values[rows], each, boxes.table[rows], factor, ratio, aligned, mode=how,
            num_threads=num_threads,
        )
    return out
