"""The face of `quantize_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _on_gpu, _validate
from roikit._dispatch import kernel
from roikit.convention import Convention


def quantize_rois(
    rois: ArrayLike, spatial_scale: float = 1.0, *, convention: str | Convention = "caffe"
) -> NDArray[np.int64]:
    """Quantize boxes to the cells of a feature map: RoI pooling's first quantization.

    Each of the four ends is scaled and rounded by itself, in float64. The result is half-open and not cut off
    at any map: columns ``x1 <= x < x2``, rows ``y1 <= y < y2``. A reversed box has the convention's minimum
    size (1 cell).

    Parameters
    ----------
    rois : (K, 5) array, or list of (L, 4) arrays
        Batch index, x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of image 0, 1, ...
    spatial_scale : float, default 1.0
        Cells per image pixel: an image of 800 and a map of 25 have 1/32.
    convention : str or Convention, default "caffe"
        The offset, the rounding, whether the end cell belongs to the box, and the minimum size. One that
        leaves real ends ("mmcv", "rfcn", "chainercv") has no whole cells to tell, and is refused.

    Returns
    -------
    (K, 5) int64
        Batch index, x1, y1, x2, y2 in cells.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value; boxes that are not finite, or beyond 2**40 cells; a masked
        element, or an object that is an array by its ``__array_interface__`` alone.

    References
    ----------
    Girshick, "Fast R-CNN", ICCV 2015, section 2.1: the RoI pooling layer.

    Examples
    --------
    A box of 665 pixels at stride 32 is 20.78125 cells; floor makes it 20, rounding 21 and one more for the
    end.

    >>> from roikit import quantize_rois
    >>> quantize_rois([[0, 0, 0, 665, 665]], 1 / 32, convention="disjoint").tolist()
    [[0, 0, 0, 20, 20]]
    >>> quantize_rois([[0, 0, 0, 665, 665]], 1 / 32, convention="caffe").tolist()
    [[0, 0, 0, 22, 22]]
    """
    _on_gpu.refuse("quantize_rois", rois=rois)
    boxes = _validate.regions(rois)
    factor = _validate.scale(spatial_scale)
    rules = _validate.whole_cells("quantize_rois", _validate.convention(convention))
    _validate.within_reach(boxes, factor, rules)
    out = np.empty((len(boxes.table), 5), np.int64)
    kernel("quantize_rois")(boxes.table, out, factor, rules)
    return out
