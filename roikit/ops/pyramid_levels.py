"""The face of `pyramid_levels`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _on_gpu, _validate, _validate_pyramid
from roikit._dispatch import kernel


def pyramid_levels(
    rois: ArrayLike,
    levels: Sequence[int] = (2, 3, 4, 5),
    *,
    canonical_level: int = 4,
    canonical_size: float = 224.0,
    eps: float = 1e-6,
    eps_of: str = "level",
) -> NDArray[np.int64]:
    """Which map of a feature pyramid each box is read from, by the box's area.

    A box of `canonical_size` squared belongs to the `canonical_level`, one of twice the side to the next
    coarser level: ``floor(canonical_level + log2(sqrt(area) / canonical_size) + eps)``. Level n has 2**-n
    cells per image pixel.

    Parameters
    ----------
    rois : (K, 5) array, or list of (L, 4) arrays
        Batch index, x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of image 0, 1, ...
    levels : sequence of int, default (2, 3, 4, 5)
        The numbers of the levels that are there, finest first, and so rising.
    canonical_level : int, default 4
    canonical_size : float, default 224
        The side, in image pixels, of a square box that belongs to the canonical level.
    eps : float, default 1e-6
        What lifts a box over the border that it lies on but for rounding; 0 .. 1.
    eps_of : {"level", "ratio"}, default "level"
        What `eps` is added to: the level before it is rounded down, as in torchvision; or
        ``sqrt(area) / canonical_size``, as in detectron2 (with 1e-8), mmdetection and older torchvision
        (with 1e-6).

    Returns
    -------
    (K,) int64
        Indices into `levels`; 0 is the finest. A box whose level is not there is read from the next finer one
        that is, and from the finest where there is none.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value; boxes that are not finite, or beyond 2**40 pixels; boxes on a
        GPU.

    Notes
    -----
    A box without area, or reversed along one axis, belongs to the finest level. The level is found without a
    logarithm, in float64: no box on a border is on the wrong side of it by rounding.

    References
    ----------
    Lin, Dollár, Girshick, He, Hariharan and Belongie, "Feature Pyramid Networks for Object Detection", CVPR
    2017, equation 1.

    Examples
    --------
    Of sides 112, 224, 447 and 448 the levels are 3, 4, 4 and 5: the maps 1, 2, 2 and 3 of levels 2 to 5.

    >>> from roikit import pyramid_levels
    >>> pyramid_levels([[0, 0, 0, side, side] for side in (112, 224, 447, 448)]).tolist()
    [1, 2, 2, 3]
    """
    _on_gpu.refuse("pyramid_levels", rois=rois)
    boxes = _validate.regions(rois)
    numbers = _validate_pyramid.levels(levels)
    rule = _validate_pyramid.rule(canonical_level, canonical_size, eps, eps_of)
    _validate.within_reach(boxes, 1.0)
    out = np.empty(len(boxes.table), np.int64)
    kernel("pyramid_levels")(boxes.table, out, numbers, *rule)
    return out
