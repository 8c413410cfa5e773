"""The face of `select_class_masks_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate_masks
from roikit._dispatch import kernel


def select_class_masks_backward(grad: ArrayLike, labels: ArrayLike, classes: int) -> NDArray[Any]:
    """The gradient of `select_class_masks` with respect to the masks of every class.

    Parameters
    ----------
    grad : (K, h, w) array of float16, bfloat16, float32 or float64
        The gradient by each mask that was selected.
    labels : (K,) array of whole numbers
        As they were given to `select_class_masks`.
    classes : int
        How many masks each RoI had.

    Returns
    -------
    (K, classes, h, w) array of grad's dtype
        grad[k] at ``[k, labels[k]]``, and 0 at the masks of all other classes.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `select_class_masks`. A label on a GPU is looked at by
        the kernel alone: one that names no class gives nothing.
    MemoryError
        An output for which there is no room.

    Examples
    --------
    >>> import numpy as np
    >>> from roikit import select_class_masks_backward
    >>> select_class_masks_backward(np.array([[[4.0]], [[5.0]]]), [1, 0], 3)[:, :, 0, 0]
    array([[0., 4., 0.],
           [5., 0., 0.]])
    """
    values = _validate_masks.planes("grad", grad, ("K", "h", "w"))
    count = _validate_masks.classes(classes)
    own = _validate_masks.labels(labels, values, count, "grad")
    shape = (len(values), count, *values.shape[1:])
    out = _arrays.output("out", None, shape, values.dtype, grad=values)
    compute = kernel("select_class_masks_backward", narrow=_arrays.is_half(values.dtype), array=values)
    compute(values, own, out)
    return out
