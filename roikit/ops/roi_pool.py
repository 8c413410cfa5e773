"""The face of `roi_pool`."""

from __future__ import annotations

from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate
from roikit._dispatch import kernel
from roikit.convention import Convention

Size = int | tuple[int, int]


@overload
def roi_pool(
    features: ArrayLike, rois: ArrayLike, output_size: Size, spatial_scale: float = ..., *,
    convention: str | Convention = ..., mode: str = ..., return_argmax: Literal[False] = ...,
) -> NDArray[Any]: ...
@overload
def roi_pool(
    features: ArrayLike, rois: ArrayLike, output_size: Size, spatial_scale: float = ..., *,
    convention: str | Convention = ..., mode: str = ..., return_argmax: Literal[True],
) -> tuple[NDArray[Any], NDArray[np.int64]]: ...
def roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: Size,
    spatial_scale: float = 1.0,
    *,
    convention: str | Convention = "caffe",
    mode: str = "max",
    return_argmax: bool = False,
) -> NDArray[Any] | tuple[NDArray[Any], NDArray[np.int64]]:
    """Pool each RoI into a fixed number of bins, after quantizing box and bins to whole cells.

    Box and bins are quantized by the convention (`quantize_rois`, `bin_edges`); a bin's value is the maximum,
    or the average, of its cells on the map, for each channel by itself.

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
        Cells per image pixel. An image of 1056×640 over a map of 66×40 has 1/16.
    convention : str or Convention, default "caffe"
        "caffe" is what torchvision, detectron2, ONNX MaxRoiPool, MXNet and Paddle compute, here with exact
        bin edges.
    mode : {"max", "avg"}, default "max"
        The average is summed in float64 and divides by the number of the bin's cells on the map.
    return_argmax : bool, default False
        Return also where each maximum was found; only with the mode "max".

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k].
    (K, C, PH, PW) int64, if `return_argmax`
        The maximum's cell on the feature map as ``y * W + x``; -1 where the value is not that of a cell.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: a batch index that features does not hold, a box that is not
        finite or reaches beyond 2**40 cells, a map that is empty or has more than 2**40 cells, a masked
        element, an object that is an array by its ``__array_interface__`` alone, an output of more than
        1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - Ties: the first maximum in row-major order.
    - NaN: a bin that holds a NaN has the value NaN, and its first NaN as argmax.
    - Empty bins (off the map, or a region with fewer cells than bins): 0 and -1, unless the convention has
      another `empty_value`.

    References
    ----------
    Girshick, "Fast R-CNN", ICCV 2015, section 2.1: the RoI pooling layer.

    Examples
    --------
    Columns 0..6 and rows 3..7 of the 8×8 map; 5 rows are cut into 2 + 3, 7 columns into 3 + 4.

    >>> from roikit import examples, roi_pool
    >>> roi_pool(examples.MAP_8X8_BATCH, examples.ROI_8X8, (2, 2), convention="disjoint")[0, 0].tolist()
    [[0.85, 0.84], [0.97, 0.96]]
    """
    maps = _validate.feature_maps(features)
    boxes = _validate.regions(rois, images=len(maps))
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    rules = _validate.convention(convention)
    how = _validate.mode(mode)
    if _validate.flag("return_argmax", return_argmax) and how == "avg":
        raise ValueError("return_argmax needs mode='max': an average is not found at one cell")
    _validate.within_reach(boxes, factor)

    shape = (len(boxes.table), maps.shape[1], *bins)
    out = _arrays.room("the output", shape, maps.dtype)
    argmax = _arrays.room("the argmax", shape, np.int64) if return_argmax else None
    kernel("roi_pool")(maps, boxes.table, out, argmax, factor, rules, how)
    return out if argmax is None else (out, argmax)
