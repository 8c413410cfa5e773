"""The face of `roi_align_pyramid_backward`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_gradients, _validate_pyramid
from roikit.ops.pyramid_levels import pyramid_levels
from roikit.ops.roi_align_backward import roi_align_backward


def roi_align_pyramid_backward(
    grad: ArrayLike,
    rois: ArrayLike,
    input_shapes: Sequence[tuple[int, int, int, int]],
    spatial_scales: Sequence[float],
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
    features: Sequence[ArrayLike] | None = None,
    canonical_level: int = 4,
    canonical_size: float = 224.0,
    eps: float = 1e-6,
    eps_of: str = "level",
    layout: str = "NCHW",
    out: Sequence[NDArray[Any]] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> list[NDArray[Any]]:
    """The gradient of `roi_align_pyramid` with respect to the maps.

    Each map gets that of `roi_align` for the boxes of its level, and zeros where it has none.

    Parameters
    ----------
    grad : (K, C, PH, PW) array, float16, bfloat16, float32 or float64
        The gradient by each bin. Any strides and byte order.
    rois : (K, 5) array, or list of N arrays (L, 4)
    input_shapes : list of (N, C, H, W)
        The shape of each map.
    spatial_scales, sampling_ratio, aligned, mode, canonical_level, canonical_size, eps, eps_of
        All as they were given to `roi_align_pyramid`.
    features : list of (N, C, H, W) arrays of grad's dtype
        As they were given to `roi_align_pyramid`. The modes "max" and "max_corners" need them, and
        "avg" does not.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), input_shapes (N, H, W, C).
    out : list of arrays of the input_shapes and grad's dtype, optional
        Written to, whatever they held, instead of new arrays. They must not share memory with grad, or with
        features whose maxima are looked for.
    num_threads, deterministic
        As in `roi_align_backward`.

    Returns
    -------
    list of (N, C, H, W) arrays of grad's dtype
        One of each map, as `layout` orders it; those of `out`, if it is given.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align_pyramid`; a grad without one row for each
        box, or of other channels than input_shapes have.
    MemoryError
        An output for which there is no room.

    References
    ----------
    Lin, Dollár, Girshick, He, Hariharan and Belongie, "Feature Pyramid Networks for Object Detection", CVPR
    2017, section 4.2 and equation 1.

    Examples
    --------
    A box of side 448 reads the coarse map alone: one sample, on cell (7, 7).

    >>> import numpy as np
    >>> from roikit import roi_align_pyramid_backward
    >>> box, shapes = [[0, 0, 0, 448, 448]], [(1, 1, 32, 32), (1, 1, 15, 15)]
    >>> fine, coarse = roi_align_pyramid_backward(np.ones((1, 1, 1, 1)), box, shapes, [1 / 16, 1 / 32], 1)
    >>> fine.sum().item(), coarse.sum().item(), coarse[0, 0, 7, 7].item()
    (0.0, 1.0, 1.0)
    """
    ordered = _validate.flag("deterministic", deterministic)
    order = _validate.layout(layout)
    values = _validate_gradients.bins(grad, order)
    shapes = _validate_pyramid.shapes(input_shapes, order)
    boxes = _validate_pyramid.boxes(rois, shapes[0][0], "input_shapes", beside=values)
    _validate_gradients.rows_and_channels(values, boxes, shapes[0][1], "input_shapes")
    factors, levels = _validate_pyramid.scales(spatial_scales, len(shapes), "input_shapes")
    ratio = _validate.sampling_ratio(sampling_ratio)
    how = _validate.sampling_mode(mode)
    maps = _validate_pyramid.pooled_maps(features, how, values, shapes, order)
    rule = _validate_pyramid.rule(canonical_level, canonical_size, eps, eps_of)
    of_each = pyramid_levels(boxes.table, levels.tolist(), **rule._asdict())
    _validate_pyramid.reach_and_samples(boxes, of_each, factors, values.shape[2:], ratio)

    into = _validate_pyramid.outs(out, [_arrays.laid_out(shape, order) for shape in shapes], values, maps)
    for level, (total, shape, factor) in enumerate(zip(into, shapes, factors, strict=True)):
        rows = np.flatnonzero(of_each == level)
        roi_align_backward(
            values[rows], boxes.table[rows], shape, factor, ratio, aligned, mode=how,
            features=None if maps is None else maps[level], out=_arrays.channels_first(total, order),
            num_threads=num_threads, deterministic=ordered,
        )
    return into
