"""The gradient of pasted masks with respect to the masks: each pixel gives back to the cells that it read."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport Tap
from roikit.cpu._paste cimport Pasted, paste_range, paste_tap
from roikit.cpu._samples cimport spread


def paste_masks_backward(
    const floating[:, :, :] grad, const double[:, :] boxes, floating[:, :, :] out,
    Py_ssize_t padding, str convention,
):
    """out[k, i, j] = sum of grad[k, y, x], each times what cell (i, j) of mask k weighs at that pixel."""
    cdef Py_ssize_t h = out.shape[1], w = out.shape[2], k
    cdef bint by_pixels = convention == "torchvision"
    cdef Pasted rows, columns
    # One padded mask: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(out.shape[0], 1), h + 2 * padding, w + 2 * padding))
    with nogil:
        for k in range(out.shape[0]):
            rows = Pasted(boxes[k, 1], boxes[k, 3], h, w, padding, by_pixels)
            columns = Pasted(boxes[k, 0], boxes[k, 2], w, w, padding, by_pixels)
            total[:] = 0
            spread_image(grad, total, k, &rows, &columns)
            write_mask(total, out, k, padding)


cdef inline void spread_image(
    const floating[:, :, :] grad, double[:, :, ::1] total, Py_ssize_t k,
    const Pasted* rows, const Pasted* columns,
) noexcept nogil:
    """Add to the mask what the pixels of its box give back."""
    cdef Py_ssize_t y, x, top, bottom, left, right
    cdef Tap row
    paste_range(rows, grad.shape[1], &top, &bottom)
    paste_range(columns, grad.shape[2], &left, &right)
    for y in range(top, bottom):
        row = paste_tap(rows, y)
        for x in range(left, right):
            spread(total, 0, row, paste_tap(columns, x), grad[k, y, x])


cdef inline void write_mask(
    double[:, :, ::1] total, floating[:, :, :] out, Py_ssize_t k, Py_ssize_t padding
) noexcept nogil:
    """Without its padding."""
    cdef Py_ssize_t i, j
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[k, i, j] = <floating>total[0, i + padding, j + padding]
