"""The face of `select_class_masks`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate_masks
from roikit._dispatch import kernel


def select_class_masks(masks: ArrayLike, labels: ArrayLike) -> NDArray[Any]:
    """Of the masks of every class, the one of each RoI's own class.

    Mask R-CNN's head makes one mask a class, so that classes do not compete; the class head says which of
    them counts.

    Parameters
    ----------
    masks : (K, classes, h, w) array of float16, bfloat16, float32 or float64
    labels : (K,) array of whole numbers
        The class of each RoI, 0 .. classes - 1.

    Returns
    -------
    (K, h, w) array of the masks' dtype
        ``masks[k, labels[k]]`` of each RoI k, in memory of its own.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: labels that are not one for each row of masks, or that name
        no class. A label on a GPU is looked at by the kernel alone: one that names no class gives NaN.
    MemoryError
        An output for which there is no room.

    References
    ----------
    He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3: the mask branch.

    Examples
    --------
    Two RoIs and three classes, masks of one cell:

    >>> import numpy as np
    >>> from roikit import select_class_masks
    >>> masks = np.array([[0.1, 0.8, 0.3], [0.7, 0.2, 0.9]]).reshape(2, 3, 1, 1)
    >>> select_class_masks(masks, [1, 0]).ravel()
    array([0.8, 0.7])
    """
    values = _validate_masks.planes("masks", masks, ("K", "classes", "h", "w"))
    own = _validate_masks.labels(labels, values, values.shape[1], "masks")
    shape = (len(values), *values.shape[2:])
    out = _arrays.output("out", None, shape, values.dtype, masks=values)
    compute = kernel("select_class_masks", narrow=_arrays.is_half(values.dtype), array=values)
    compute(values, own, out)
    return out
