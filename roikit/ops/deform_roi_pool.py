"""The face of `deform_roi_pool`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_deform
from roikit._dispatch import kernel


def deform_roi_pool(
    features: ArrayLike,
    rois: ArrayLike,
    offset: ArrayLike | None,
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    gamma: float = 0.1,
    *,
    layout: str = "NCHW",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Average RoIAlign whose bins are shifted, each by an offset of its own.

    A bin's sample points are those of ``roi_align(..., aligned=True)``, all moved to the right by ``gamma *
    width * offset[k, 0, ph, pw]`` and down by ``gamma * height * offset[k, 1, ph, pw]``, with the width and
    height of the box in cells. The bin's value is their average. In a network the offsets are learned.

    Parameters
    ----------
    features : (N, C, H, W) array of float16, bfloat16, float32 or float64
        Any strides and byte order, as in `roi_align`.
    rois : (K, 5) array, or list of N arrays (L, 4)
        Batch index (0-based), x1, y1, x2, y2 in image pixels, any real dtype; or the boxes of each image.
    offset : (K, 2, PH, PW) array, or None
        How far each bin is shifted: ``[:, 0]`` along x and ``[:, 1]`` along y, whatever the layout; any real
        dtype, finite, float64 inside. None shifts nothing.
    output_size : int or (height, width)
        Bins of one RoI, PH and PW.
    spatial_scale : float, default 1.0
        Cells per image pixel.
    sampling_ratio : int or (height, width), default -1
        Sample points a side of one bin; adaptive where it is not positive, as in `roi_align`.
    gamma : float, default 0.1
        What offsets are multiplied by, beside the box's size.
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
        An argument of the wrong kind or value, as in `roi_align`; offsets that are not finite, or not two for
        each bin of each box; a gamma that is not finite.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - A sample outside ``[-1, H]`` or ``[-1, W]``, wherever it was before the shift, is 0 and stays in the
      divisor; one that is nearer to the map is clamped to it.
    - An empty or reversed box has no adaptive samples, and gives 0; with a positive `sampling_ratio` it is
      sampled as it stands, and shifted by its size, which is then 0 or negative.
    - NaN: a sample with a NaN among its four neighbours is NaN, also by weight 0.
    - Boxes and offsets on a GPU are looked at by the kernel alone: a box of which nothing can be computed
      gives NaN, and `roikit.gpu.check` tells; an offset that is not finite makes its bin NaN.

    References
    ----------
    Dai, Qi, Xiong, Li, Zhang, Hu and Wei, "Deformable Convolutional Networks", ICCV 2017, section 2.2:
    deformable RoI pooling.

    Examples
    --------
    A box over cells (1, 1) and (1, 2), two bins with one sample each. The second is shifted by half of the
    box's width of 2 to the right, that is to cell (1, 3).

    >>> import numpy as np
    >>> from roikit import deform_roi_pool
    >>> features, box = np.arange(16.0).reshape(1, 1, 4, 4), [[0, 1, 1, 3, 2]]
    >>> deform_roi_pool(features, box, None, (1, 2))
    array([[[[5., 6.]]]])
    >>> offset = np.array([[[[0.0, 0.5]], [[0.0, 0.0]]]])
    >>> deform_roi_pool(features, box, offset, (1, 2), gamma=1.0)
    array([[[[5., 7.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    bins = _validate.output_size(output_size)
    shifts = _validate_deform.offsets(offset, len(boxes.table), bins, maps)
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    strength = _validate_deform.gamma(gamma)
    _validate.within_reach(boxes, factor)
    _validate.adaptive_samples(boxes, factor, bins, ratio)

    shape = _arrays.laid_out((len(boxes.table), maps.shape[1], *bins), order)
    into = _arrays.output("out", out, shape, maps.dtype, features=maps, rois=boxes.table, offset=shifts)
    values = _arrays.channels_first(into, order)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel("deform_roi_pool", values.size, num_threads, narrow=narrow, outs=(3,), array=maps)
    compute(maps, boxes.table, shifts, values, factor, ratio, strength)
    return into if out is None else out
