"""The face of `paste_masks`."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from roikit import _arrays, _validate, _validate_masks
from roikit._dispatch import kernel


def paste_masks(
    masks: ArrayLike,
    boxes: ArrayLike,
    image_size: tuple[int, int],
    *,
    padding: int = 1,
    convention: str = "torchvision",
    out: NDArray[Any] | None = None,
    num_threads: int | None = None,
) -> NDArray[Any]:
    """Stretch each mask over its box in an image, bilinearly: the last step of Mask R-CNN.

    Each pixel of the box is read between the cells of the mask, around which there are zeros; all other
    pixels of the image are 0. A threshold, often 0.5, then makes a mask of yes and no.

    Parameters
    ----------
    masks : (K, h, w) array of float16, bfloat16, float32 or float64
        One mask for each RoI: that of its class, see `select_class_masks`.
    boxes : (K, 4) array
        x1, y1, x2, y2 of each in image pixels, any real dtype; float64 inside.
    image_size : (H, W)
        Height and width of the image in pixels.
    padding : int, default 1
        Cells of 0 around the mask; the box grows with them. 0 .. 1024.
    convention : {"torchvision", "detectron2"}, default "torchvision"
        "torchvision": ends of the grown box are cut off to whole pixels, both included, and the padded mask
        is resized to so many pixels. "detectron2": nothing is rounded, pixel x stands at x + 0.5, and the
        mask's cells at their middles.
    out : array, optional
        Where to write: an array of the output's shape and dtype that shares no memory with masks.
    num_threads : int, optional
        Threads that may compute; without it ``OMP_NUM_THREADS``, or all CPUs that the process may use. The
        result is the same, bit for bit.

    Returns
    -------
    (K, H, W) array of the masks' dtype

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or value: boxes that are not one for each mask, not finite or beyond
        2**40 pixels; an `out` that does not fit, an output of more than 1 TiB.
    MemoryError
        An output for which there is no room.

    Notes
    -----
    - What lies outside the image is cut off. A box off the image, or a reversed one, pastes nothing; an
      empty one (x1 = x2) pastes one column with "torchvision", and nothing with "detectron2".
    - The box grows by ``(w + 2 * padding) / w``, in height too, as in torchvision: masks are square there.
    - NaN: all four neighbours of a pixel take part, also with weight 0.

    References
    ----------
    He, Gkioxari, Dollár and Girshick, "Mask R-CNN", ICCV 2017, section 3.1: inference.

    Examples
    --------
    A mask of 2 × 2 ones, padded 4 × 4: the box, 1 .. 3, grows to 0 .. 4, five pixels for four cells.

    >>> import numpy as np
    >>> from roikit import paste_masks
    >>> paste_masks(np.ones((1, 2, 2)), [[1, 1, 3, 3]], (4, 6))[0].round(2)
    array([[0.  , 0.  , 0.  , 0.  , 0.  , 0.  ],
           [0.  , 0.49, 0.7 , 0.49, 0.  , 0.  ],
           [0.  , 0.7 , 1.  , 0.7 , 0.  , 0.  ],
           [0.  , 0.49, 0.7 , 0.49, 0.  , 0.  ]])
    >>> paste_masks(np.ones((1, 2, 2)), [[1, 1, 3, 3]], (4, 6), convention="detectron2")[0]
    array([[0., 0., 0., 0., 0., 0.],
           [0., 1., 1., 0., 0., 0.],
           [0., 1., 1., 0., 0., 0.],
           [0., 0., 0., 0., 0., 0.]])
    """
    if num_threads is not None:
        num_threads = _validate.num_threads(num_threads)
    values = _validate_masks.planes("masks", masks, ("K", "h", "w"))
    table = _validate_masks.boxes(boxes, values, "masks")
    shape = _validate_masks.size("image_size", image_size)
    whose, cells = _validate_masks.convention(convention, padding)

    into = _arrays.output("out", out, (len(values), *shape), values.dtype, masks=values)
    compute = kernel(
        "paste_masks", into.size, num_threads, narrow=_arrays.is_half(values.dtype), array=values
    )
    compute(values, table, into, cells, whose)
    return into if out is None else out
