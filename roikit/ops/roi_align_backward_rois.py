"""The face of `roi_align_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _sampling, _validate, _validate_gradients
from roikit._dispatch import kernel
from roikit.convention import Convention


def roi_align_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    aligned: bool = False,
    *,
    mode: str = "avg",
    convention: str | Convention | None = None,
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of RoIAlign with respect to the boxes.

    With ``bins = roi_align(features, rois, (PH, PW), ...)`` and any loss of these: from its gradient by the
    bins to its gradient by x1, y1, x2 and y2. Where a box moves, its samples move along, and each feels the
    slope of the map between its four neighbours.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : (N, C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    spatial_scale, sampling_ratio, aligned, mode, convention
        All as they were given to `roi_align`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per image pixel, added up in float64. That of a small `grad` (of fewer
        than 2**14 elements), and of maxima, has the same bits as the definition; a larger one of averages is
        added up in another order.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `roi_align`; a grad of another dtype than features, or
        without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    RoIAlign is differentiable between its kinks. On them, by definition:

    - on the border of two cells the slope is that of the cell to the right, or below;
    - a sample outside the map has the slope 0, and one that is clamped to the map has it along that axis;
    - how many samples a bin has is taken as given, also where it is adaptive;
    - with ``aligned=False`` a box narrower than one cell is made one cell wide from its start: x2 has no
      effect, and x1 moves all samples; so it is with every convention that has a minimum size;
    - of maxima the slope is that of the largest sample, the first of equals, or the first NaN; in the mode
      "max_corners" that of the one neighbour's value times its weight.

    Boxes on a GPU are looked at by the kernel alone: one of which nothing can be computed has the gradient
    NaN, and `roikit.gpu.check` tells.

    References
    ----------
    He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3: RoIAlign.

    Examples
    --------
    A map that rises by 10 a column, and one sample in the middle of the box: the mean moves by half of what
    either end does.

    >>> import numpy as np
    >>> from roikit import roi_align_backward_rois
    >>> features = np.array([[[[0.0, 10.0, 20.0, 30.0]] * 4]])
    >>> roi_align_backward_rois(np.ones((1, 1, 1, 1)), features, [[0, 0, 0, 3, 3]], sampling_ratio=1)
    array([[5., 0., 5., 0.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    order = _validate.layout(layout)
    maps = _validate.feature_maps(features, order)
    values = _validate_gradients.bins(grad, order)
    _validate_gradients.same_dtype(values, maps)
    boxes = _validate.regions(rois, images=len(maps), beside=maps)
    _validate_gradients.rows_and_channels(values, boxes, maps.shape[1], "features")
    factor = _validate.scale(spatial_scale)
    ratio = _validate.sampling_ratio(sampling_ratio)
    centred = _validate.flag("aligned", aligned)
    _validate.within_reach(boxes, factor)
    how = _validate.sampling_mode(mode)
    reading = _sampling.read_as(boxes, factor, convention, centred, how)
    _validate.adaptive_samples(reading.boxes, factor, values.shape[2:], ratio)

    out = _arrays.output("out", None, (len(boxes.table), 4), np.float64, grad=values, features=maps)
    narrow = _arrays.is_half(maps.dtype)
    name = "roi_align_backward_rois"
    compute = kernel(name, values.size, num_threads, narrow=narrow, outs=(3,), array=maps)
    sampling = factor, ratio, reading.aligned, how, reading.empty_value
    compute(values, maps, reading.boxes.table, out, *sampling)
    return reading.back(out)
