"""The face of `paste_masks_backward`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_masks
from roikit._dispatch import kernel


def paste_masks_backward(
    grad: ArrayLike,
    boxes: ArrayLike,
    mask_size: tuple[int, int],
    *,
    padding: int = 1,
    convention: str = "torchvision",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
    deterministic: bool = True,
) -> NDArray[Any]:
    """The gradient of `paste_masks` with respect to the masks.

    With ``images = paste_masks(masks, boxes, ...)`` and any loss of these: from its gradient by the images'
    pixels to its gradient by the masks. Each pixel hands its gradient to the cells that it read, by their
    weights; what the zeros around the mask would get is lost.

    Parameters
    ----------
    grad : (K, H, W) array, float16, bfloat16, float32 or float64
        The gradient by each pixel.
    boxes : (K, 4) array
        As they were given to `paste_masks`.
    mask_size : (h, w)
        The size of one mask.
    padding, convention
        As they were given to `paste_masks`.
    out : array of (K, h, w) and grad's dtype, optional
        Written to, whatever it held, instead of a new array. It must not share memory with grad.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.
    deterministic : bool, default True
        On a GPU: add up in one order, to the same bits in every run. False lets the GPU's threads add in the
        order in which they come, by atomics. On a CPU it makes no difference.

    Returns
    -------
    (K, h, w) array of grad's dtype

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value, as in `paste_masks`.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    NaN: all four neighbours of a pixel take part, so a NaN (or an inf, where the weight is 0) makes all of
    them NaN.

    Examples
    --------
    A mask of 2 × 2 over 2 × 2 pixels, without padding: boxes end with their last pixel, so x1 = 0 and x2 = 1.

    >>> import numpy as np
    >>> from roikit import paste_masks_backward
    >>> grad = np.arange(9.0).reshape(1, 3, 3)
    >>> paste_masks_backward(grad, [[0, 0, 1, 1]], (2, 2), padding=0)
    array([[[0., 1.],
            [3., 4.]]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    ordered = _validate.flag("deterministic", deterministic)
    values = _validate_masks.planes("grad", grad, ("K", "H", "W"))
    table = _validate_masks.boxes(boxes, values, "grad")
    shape = _validate_masks.size("mask_size", mask_size)
    whose, cells = _validate_masks.convention(convention, padding)

    into = _arrays.output("out", out, (len(values), *shape), values.dtype, grad=values)
    compute = kernel(
        "paste_masks_backward", values.size, num_threads, narrow=_arrays.is_half(values.dtype), array=values,
        deterministic=ordered,
    )
    compute(values, table, into, cells, whose)
    return into if out is None else out
