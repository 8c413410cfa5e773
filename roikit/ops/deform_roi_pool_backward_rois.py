"""The face of `deform_roi_pool_backward_rois`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_deform
from roikit._dispatch import kernel


def deform_roi_pool_backward_rois(
    grad: ArrayLike,
    features: ArrayLike,
    rois: ArrayLike,
    offset: ArrayLike | None,
    spatial_scale: float = 1.0,
    sampling_ratio: int | tuple[int, int] = -1,
    gamma: float = 0.1,
    *,
    layout: str = "NCHW",
    num_threads: int | None = None,
) -> NDArray[np.float64]:
    """The gradient of deformable RoI pooling with respect to the boxes.

    With ``bins = deform_roi_pool(features, rois, offset, (PH, PW), ...)`` and any loss of these: from its
    gradient by the bins to its gradient by x1, y1, x2 and y2. Where a box moves, its samples move along;
    where it grows, their shifts grow with it; and each feels the slope of the map between its neighbours.

    Parameters
    ----------
    grad : (K, C, PH, PW) array of the features' dtype
        The gradient by each bin. Any strides and byte order.
    features : (N, C, H, W) array, float16, bfloat16, float32 or float64
    rois : (K, 5) array, or list of N arrays (L, 4)
    offset : (K, 2, PH, PW) array, or None
    spatial_scale, sampling_ratio, gamma
        All as they were given to `deform_roi_pool`.
    layout : {"NCHW", "NHWC"}, default "NCHW"
        "NHWC" is channels last: grad (K, PH, PW, C), features (N, H, W, C).
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, 4) float64
        The gradient by x1, y1, x2, y2, per image pixel. A small `grad` (of fewer than 2**14
        elements) gives the definition's bits; of a larger one sums are made in another order.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `deform_roi_pool`; a grad of another dtype than
        features, or without one row for each box, or of other channels.
    MemoryError
        A copy of an argument for which there is no room.

    Notes
    -----
    It is differentiable between its kinks. On them, by definition:

    - on the border of two cells the slope is that of the cell to the right, or below;
    - a sample outside the map has the slope 0, and one that is clamped to the map has it along that axis;
    - how many samples a bin has is taken as given, also where it is adaptive.

    Boxes and offsets on a GPU are looked at by the kernel alone: one of which nothing can be computed has the
    gradient NaN, and of boxes `roikit.gpu.check` tells.

    References
    ----------
    Dai, Qi, Xiong, Li, Zhang, Hu and Wei, "Deformable Convolutional Networks", ICCV 2017, appendix A.

    Examples
    --------
    A map that rises by 10 a column, and one sample, shifted by a quarter of the box's width: it lies at three
    quarters of the box, and moves by three quarters of what the right end does.

    >>> import numpy as np
    >>> from roikit import deform_roi_pool_backward_rois
    >>> features = np.array([[[[0.0, 10.0, 20.0, 30.0]] * 4]])
    >>> grad, offset = np.ones((1, 1, 1, 1)), np.array([[[[0.25]], [[0.0]]]])
    >>> deform_roi_pool_backward_rois(grad, features, [[0, 0, 0, 3, 3]], offset, sampling_ratio=1, gamma=1.0)
    array([[2.5, 0. , 7.5, 0. ]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    values, maps, table, shifts, numbers = _validate_deform.gradient(
        grad, features, rois, offset, spatial_scale, sampling_ratio, gamma, layout
    )
    shape = (len(table), 4)
    out: NDArray[np.float64] = _arrays.output("out", None, shape, np.float64, features=maps)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel(
        "deform_roi_pool_backward_rois", values.size, num_threads, narrow=narrow, outs=(4,), array=maps
    )
    compute(values, maps, table, shifts, out, *numbers)
    return out
