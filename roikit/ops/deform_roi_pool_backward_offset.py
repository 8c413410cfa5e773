"""The face of `deform_roi_pool_backward_offset`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_deform
from roikit._dispatch import kernel


def deform_roi_pool_backward_offset(
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
    """The gradient of deformable RoI pooling with respect to the offsets.

    With ``bins = deform_roi_pool(features, rois, offset, (PH, PW), ...)`` and any loss of these: from its
    gradient by the bins to its gradient by each bin's two offsets. An offset moves all samples of its bin by
    ``gamma`` times the box's width, or height; and each feels the slope of the map between its neighbours.

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
    (K, 2, PH, PW) float64
        The gradient by ``offset``, whatever the layout; by zeros, where offset is None. A small `grad` (of
        fewer than 2**14 elements) gives the definition's bits; of a larger one sums are made in another
        order.

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
    A map that rises by 10 a column, and two bins in a box that is 2 cells wide: an offset of 1 would move a
    bin by 2 cells, were gamma not 0.1.

    >>> import numpy as np
    >>> from roikit import deform_roi_pool_backward_offset
    >>> features = np.array([[[[0.0, 10.0, 20.0, 30.0]] * 4]])
    >>> deform_roi_pool_backward_offset(np.array([[[[1.0, 3.0]]]]), features, [[0, 1, 1, 3, 2]], None)
    array([[[[2., 6.]],
    <BLANKLINE>
            [[0., 0.]]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    values, maps, table, shifts, numbers = _validate_deform.gradient(
        grad, features, rois, offset, spatial_scale, sampling_ratio, gamma, layout
    )
    shape = (len(table), 2, *values.shape[2:])
    out: NDArray[np.float64] = _arrays.output("out", None, shape, np.float64, features=maps)
    narrow = _arrays.is_half(maps.dtype)
    compute = kernel(
        "deform_roi_pool_backward_offset", values.size, num_threads, narrow=narrow, outs=(4,), array=maps
    )
    compute(values, maps, table, shifts, out, *numbers)
    return out
