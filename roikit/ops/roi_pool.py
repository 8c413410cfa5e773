"""The face of `roi_pool`."""

from __future__ import annotations

from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _on_gpu, _ordinary, _validate
from roikit._dispatch import is_plain, kernel
from roikit._ordinary import Call
from roikit._plain import items, shown
from roikit.convention import Convention

Size = int | tuple[int, int]


@overload
def roi_pool(
    features: ArrayLike, rois: ArrayLike, output_size: Size, spatial_scale: float = ..., *,
    convention: str | Convention = ..., mode: str = ..., return_argmax: Literal[False] = ...,
    layout: str = ..., out: NDArray[Any] | None = ..., num_threads: int | None = ...,
) -> NDArray[Any]: ...
@overload
def roi_pool(
    features: ArrayLike, rois: ArrayLike, output_size: Size, spatial_scale: float = ..., *,
    convention: str | Convention = ..., mode: str = ..., return_argmax: Literal[True],
    layout: str = ..., out: tuple[NDArray[Any], NDArray[Any]] | None = ..., num_threads: int | None = ...,
) -> tuple[NDArray[Any], NDArray[Any]]: ...
def roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: Size,
    spatial_scale: float = 1.0,
    *,
    convention: str | Convention = "caffe",
    mode: str = "max",
    return_argmax: bool = False,
    layout: str = "NCHW",
    out: NDArray[Any] | tuple[NDArray[Any], NDArray[Any]] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any] | tuple[NDArray[Any], NDArray[Any]]:
    """Pool each RoI into a fixed number of bins, after quantizing box and bins to whole cells.

    Box and bins are quantized by the convention (`quantize_rois`, `bin_edges`); a bin's value is the maximum,
    or the average, of its cells on the map, for each channel by itself.

    Parameters
    ----------
    features : (N, C, H, W) array of float16, bfloat16, float32 or float64
        Feature maps of N images. Any strides and byte order; also what another library holds on the CPU, by
        ``__array__`` or DLPack (a torch tensor, a JAX array). bfloat16 is that of the package ml_dtypes.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of each image.
        They are float64 inside, whatever the features are.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel. An image of 1056×640 over a map of 66×40 has 1/16.
    convention : str or Convention, default "caffe"
        "caffe" is what torchvision, detectron2, ONNX MaxRoiPool, MXNet and Paddle compute, here with exact
        bin edges; `roikit.CONVENTIONS` has those of other libraries.
    mode : {"max", "avg"}, default "max"
        The average divides by the number of the bin's cells on the map.
    return_argmax : bool, default False
        Return also where each maximum was found; only with the mode "max".
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, C), and the output and the argmax (K, PH, PW, C).
    out : array, or with `return_argmax` a pair of arrays, optional
        Where to write: an array of the output's shape and dtype, and one of int64, or int32 on maps of fewer
        than 2**31 cells, for the argmax. They share no memory with features or with each other. They are
        also what is returned. Memory that is used again is faster than new memory.
    num_threads : int, optional
        How many threads may compute. Otherwise the environment variable OMP_NUM_THREADS says it, or else
        there is one for each CPU that this process may use. The result does not depend on it.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. A maximum is a cell's value, exactly. An average in a small call is summed
        in float64 and rounded once, to the same bits as the definition; a larger one of float16, bfloat16 or
        float32 may be summed in float32, and then lies, before it is rounded to the features' dtype, within
        1e-6 of the largest magnitude in the map.
    (K, C, PH, PW) int64 (or as `out` has it), if `return_argmax`
        The maximum's cell on the feature map as ``y * W + x``; -1 where the value is not that of a cell.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: a batch index that features does not hold, a box that is not
        finite or reaches beyond 2**40 cells, a map that is empty or has more than 2**40 cells, a masked
        element, an object that is an array by its ``__array_interface__`` alone, a tensor on a GPU or one
        that requires grad, an `out` that does not fit, an output of more than 1 TiB.
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

    Where each maximum is, into memory that is there: the maxima of columns 0 and 1, and of 2 and 3.

    >>> import numpy as np
    >>> values, argmax = out = np.empty((1, 1, 1, 2)), np.empty((1, 1, 1, 2), np.int32)
    >>> maps = np.array([1.0, 5.0, 4.0, 3.0]).reshape(1, 1, 1, 4)
    >>> _ = roi_pool(maps, [[0, 0, 0, 3, 0]], (1, 2), return_argmax=True, out=out)
    >>> values.ravel(), argmax.ravel()
    (array([5., 4.]), array([1, 2], dtype=int32))
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    given = (features, rois, output_size, spatial_scale, convention, mode, return_argmax, layout, out)
    if _on_gpu.is_on_gpu(features):
        return _on_gpu.call("roi_pool", given, _checked, plain=is_plain())
    result, arguments, narrow, _held = _ordinary.roi_pool(*given) or _checked(*given)
    size = arguments[2].size + (arguments[0].size // 64 if narrow else 0)  # halves are widened: work, too
    compute = kernel("roi_pool", size, num_threads, narrow=narrow, outs=(2, 3), array=arguments[0])
    compute(*arguments)
    return result


def _checked(
    features: object, rois: object, output_size: object, spatial_scale: object, convention: object,
    mode: object, return_argmax: object, layout: object, out: object,
) -> Call:
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    rules = _validate.convention(convention)
    how = _validate.mode(mode)
    with_argmax = _validate.flag("return_argmax", return_argmax)
    if with_argmax and how == "avg":
        raise ValueError("return_argmax needs mode='max': an average is not found at one cell")
    _validate.within_reach(boxes, factor, rules)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *bins), order)
    narrow = _arrays.is_half(maps.dtype)
    result: Any
    argmax = None
    if not with_argmax:
        into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
        result = into if out is None else out
    else:
        given = _pair(out)
        into = _arrays.output("out[0]", given[0], shape, maps.dtype, features=maps, rois=boxes.table)
        fits = (np.int64, np.int32) if maps.shape[2] * maps.shape[3] < 2**31 else (np.int64,)
        found = {"features": maps, "rois": boxes.table, "out[0]": into}
        places = _arrays.output("out[1]", given[1], shape, fits, new="the argmax", **found)
        result = (into, places) if out is None else given
        narrow |= places.dtype == np.int32
        argmax = _arrays.channels_first(places, order)
    values = _arrays.channels_first(into, order)
    return result, (maps, boxes.table, values, argmax, factor, rules, how), narrow, None


def _pair(out: object) -> tuple[Any, Any]:
    if out is None:
        return None, None
    pair = items(out)
    if pair is None or len(pair) != 2 or any(each is None for each in pair):
        raise TypeError(f"out must be a pair of arrays (values, argmax) with return_argmax; got {shown(out)}")
    return pair[0], pair[1]
