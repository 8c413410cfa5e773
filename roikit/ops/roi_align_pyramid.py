"""The face of `roi_align_pyramid`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_pyramid
from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align import roi_align


def roi_align_pyramid(
    features: Sequence[ArrayLike],
    rois: ArrayLike,
    output_size: int | tuple[int, int],
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
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """RoIAlign on a feature pyramid: each box is read from the map that fits its size.

    `pyramid_levels` names each box's map, `roi_align` reads the boxes of each map in one call, and the rows
    of the output are in the order of the boxes.

    Parameters
    ----------
    features : list of (N, C, H, W) arrays of float16, bfloat16, float32 or float64
        The pyramid's maps, finest first: of one dtype, of the same images and channels. Any strides.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of each image.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scales : list of float
        Cells per image pixel of each map: powers of 2 that fall, as ``[1/4, 1/8, 1/16, 1/32]``, the levels 2
        to 5. A level may be left out.
    sampling_ratio, aligned, mode
        As in `roi_align`.
    canonical_level, canonical_size, eps, eps_of
        As in `pyramid_levels`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, C) and the output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features.
    num_threads : int, optional
        How many threads may compute, as in `roi_align`.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k].

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align`; maps that are not alike but for H and W;
        scales that are not one for each map, or no powers of 2 that fall.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    Boxes on a GPU are copied to the CPU, which has to know how many of them each level has: the call waits
    for them. The maps stay where they are.

    References
    ----------
    Lin, Dollár, Girshick, He, Hariharan and Belongie, "Feature Pyramid Networks for Object Detection", CVPR
    2017, section 4.2 and equation 1.

    Examples
    --------
    The first box has the side 448, and is read from the coarse map, the second from the fine one.

    >>> import numpy as np
    >>> from roikit import roi_align_pyramid
    >>> fine, coarse = np.full((1, 1, 32, 32), 4.0), np.full((1, 1, 16, 16), 5.0)
    >>> boxes = [[0, 0, 0, 448, 448], [0, 0, 0, 224, 224]]
    >>> roi_align_pyramid([fine, coarse], boxes, 1, [1 / 16, 1 / 32])[:, 0, 0, 0].tolist()
    [5.0, 4.0]
    """
    order = _validate.layout(layout)
    maps = _validate_pyramid.maps(features, order)
    boxes = _validate_pyramid.boxes(rois, len(maps[0]), "features", beside=maps[0])
    bins = _validate.output_size(output_size)
    factors, levels = _validate_pyramid.scales(spatial_scales, len(maps), "features")
    ratio = _validate.sampling_ratio(sampling_ratio)
    rule = _validate_pyramid.rule(canonical_level, canonical_size, eps, eps_of)
    of_each = pyramid_levels(boxes.table, levels.tolist(), **rule._asdict())
    _validate_pyramid.reach_and_samples(boxes, of_each, factors, bins, ratio)

    shape = _arrays.laid_out((len(boxes.table), maps[0].shape[1], *bins), order)
    read: dict[str, Any] = {f"features[{i}]": each for i, each in enumerate(maps)}
    into = _arrays.output("out", out, shape, maps[0].dtype, **read)
    values = _arrays.channels_first(into, order)
    for level, (each, factor) in enumerate(zip(maps, factors, strict=True)):
        rows = np.flatnonzero(of_each == level)
        values[rows] = roi_align(
            each, boxes.table[rows], bins, factor, ratio, aligned, mode=mode, num_threads=num_threads
        )
    return into if out is None else out
