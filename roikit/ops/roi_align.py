"""The face of `roi_align`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _on_gpu, _ordinary, _sampling, _validate
from roikit._dispatch import is_plain, kernel
from roikit._ordinary import Call
from roikit.convention import Convention


def roi_align(
    features: ArrayLike,
    rois: ArrayLike,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
    convention: str | Convention | None = None,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Sample each RoI bilinearly at regular points, without quantizing box or bins.

    Each bin is cut into ``sampling_ratio × sampling_ratio`` equal parts and sampled at their centres by the
    rule of `bilinear_interpolate`; the bin's value is the samples' average or maximum, for each channel by
    itself.

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
        Cells per image pixel. An image of 224 over a map of 14 has 14 / 224.
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin: 2 is 2×2 points. Where it is not positive it is adaptive:
        ``ceil(height / PH)`` by ``ceil(width / PW)`` with the height and width of the scaled box in cells,
        for each RoI. At most 4096 a side.
    aligned : bool, default False
        True: a cell's value stands at its centre, so 0.5 is subtracted from the scaled box. False: at the
        cell's integer corner, and the box is made at least 1 cell wide and high.
    mode : {"avg", "max", "max_corners"}, default "avg"
        "max" is the maximum of the interpolated samples. "max_corners", ONNX's, is that of their neighbours,
        each times its weight, before these are added up.
    convention : str or Convention, optional
        Where a box is read, by the name of a convention that samples: "roi_align" (`aligned` False),
        "half_pixel" (`aligned` True), "openvino_half_pixel", "point", "chainercv_align"; or one of your own.
        It takes the place of `aligned`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC": features are (N, H, W, C) and the output (K, PH, PW, C).
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with features. It is
        also what is returned. Memory that is used again is faster than new memory.
    num_threads : int, optional
        How many threads may compute. Otherwise the environment variable OMP_NUM_THREADS says it, or else
        there is one for each CPU that this process may use. The result does not depend on it.

    Returns
    -------
    (K, C, PH, PW) array of the features' dtype
        Row k belongs to rois[k]. A small call is computed in float64 and rounded once, to the same bits as
        the definition. A larger one of float16, bfloat16 or float32 is computed in float32, with coordinates
        and weights in float64: before it is rounded to the features' dtype it lies within 1e-6 of the
        largest magnitude in the map (2e-6 where bins are hundreds of cells wide). float64 is computed in
        float64.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: a batch index that features does not hold, a box that is not
        finite or reaches beyond 2**40 cells, more than 4096 adaptive sample points a side, a map that is
        empty or has more than 2**40 cells, a masked element, an object that is an array by its
        ``__array_interface__`` alone, a tensor on a GPU or one that requires grad, an `out` that does not
        fit, an output of more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A sample outside ``[-1, H]`` or ``[-1, W]`` is 0: it stays in the average's divisor, and takes part in
      the maximum, in either mode. With a convention whose `empty_value` is not 0 it is that instead, for
      maxima alone: -inf leaves it out, as Chainer does.
    - With ``aligned=True`` an empty or reversed box has no adaptive samples, and gives 0; with a positive
      `sampling_ratio` it is sampled as it stands, backwards if reversed. So it is with every convention that
      has no minimum size, but that its `empty_value` takes the place of 0.
    - Any other convention than the two of `aligned` is carried out as ``aligned=True`` on boxes that are
      shifted, and made larger, in float64.
    - NaN: a sample with a NaN among its four neighbours is NaN, even where that neighbour's weight is 0 (an
      infinite neighbour with weight 0 makes NaN too); a NaN sample makes the bin NaN, in all modes.

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

    In the mode "max_corners" it is the largest of 0, 1, 4 and 5, each times 0.25.

    >>> box = [[0, 0, 0, 1, 1]]
    >>> roi_align(np.arange(16.0).reshape(1, 1, 4, 4), box, 1, sampling_ratio=1, mode="max_corners")
    array([[[[1.25]]]])

    The same map channels last, into memory that is there; two bins, sampled at 0.25 and 0.75 of the box,
    that is (0.5, 0.5) and (0.5, 1.5): 2.5, and the mean of 1, 2, 5 and 6.

    >>> out = np.empty((1, 1, 2, 1))
    >>> maps = np.arange(16.0).reshape(1, 4, 4, 1)
    >>> roi_align(maps, [[0, 0, 0, 2, 1]], (1, 2), sampling_ratio=1, layout="NHWC", out=out) is out
    True
    >>> out[0, :, :, 0]
    array([[2.5, 3.5]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    given = (features, rois, output_size, spatial_scale, sampling_ratio, aligned, mode, layout, out)
    if convention is not None:
        call = _checked(*given, convention)
    elif _on_gpu.is_on_gpu(features):
        return _on_gpu.call("roi_align", given, _checked, plain=is_plain())
    else:
        call = _ordinary.roi_align(*given) or _checked(*given)
    result, arguments, narrow, _held = call
    size = arguments[2].size + (arguments[0].size // 64 if narrow else 0)  # halves are widened: work, too
    compute = kernel("roi_align", size, num_threads, narrow=narrow, array=arguments[0])
    compute(*arguments)
    return result


def _checked(
    features: object, rois: object, output_size: object, spatial_scale: object, sampling_ratio: object,
    aligned: object, mode: object, layout: object, out: object, convention: object = None,
) -> Call:
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    bins = _validate.output_size(output_size)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    how = _validate.sampling_mode(mode)
    _validate.within_reach(boxes, factor)
    reading = _sampling.read_as(boxes, factor, convention, centred, how)
    _validate.adaptive_samples(reading.boxes, factor, bins, ratio)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table)
    result = into if out is None else out
    values = _arrays.channels_first(into, order)
    sampling = factor, ratio, reading.aligned, how, reading.empty_value
    return result, (maps, reading.boxes.table, values, *sampling), _arrays.is_half(maps.dtype), None
