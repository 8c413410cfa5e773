"""Masks pasted into an image: each pixel of a box is read, bilinearly, from the mask that is stretched over
the box, with zeros around it."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport Tap, blend
from roikit.cpu._paste cimport Pasted, paste_range, paste_tap


def paste_masks(
    const floating[:, :, :] masks, const double[:, :] boxes, floating[:, :, :] out,
    Py_ssize_t padding, str convention,
):
    """out[k, y, x] = mask k, stretched over its box, at pixel (y, x); 0 outside."""
    cdef Py_ssize_t h = masks.shape[1], w = masks.shape[2], k
    cdef bint by_pixels = convention == "torchvision"
    cdef Pasted rows, columns
    # What each column of the image reads is the same in all rows.
    cdef Py_ssize_t[:, ::1] cells = np.empty((2, out.shape[2]), np.intp)
    cdef double[::1] fractions = np.empty(out.shape[2])
    with nogil:
        for k in range(out.shape[0]):
            rows = Pasted(boxes[k, 1], boxes[k, 3], h, w, padding, by_pixels)
            columns = Pasted(boxes[k, 0], boxes[k, 2], w, w, padding, by_pixels)
            paste_mask(masks, out, k, &rows, &columns, cells, fractions)


cdef inline void paste_mask(
    const floating[:, :, :] masks, floating[:, :, :] out, Py_ssize_t k,
    const Pasted* rows, const Pasted* columns, Py_ssize_t[:, ::1] cells, double[::1] fractions,
) noexcept nogil:
    """Every pixel of one image, written once."""
    cdef Py_ssize_t y, x, begin, end
    cdef Tap row, column
    paste_range(columns, out.shape[2], &begin, &end)
    for x in range(begin, end):
        column = paste_tap(columns, x)
        cells[0, x], cells[1, x], fractions[x] = column.low, column.high, column.fraction
    for y in range(out.shape[1]):
        row = paste_tap(rows, y)
        if not row.inside:
            zero(out, k, y, 0, out.shape[2])
            continue
        zero(out, k, y, 0, begin)
        for x in range(begin, end):
            out[k, y, x] = <floating>blend(
                cell(masks, k, row.low, cells[0, x], rows.padding),
                cell(masks, k, row.low, cells[1, x], rows.padding),
                cell(masks, k, row.high, cells[0, x], rows.padding),
                cell(masks, k, row.high, cells[1, x], rows.padding),
                row.fraction, fractions[x],
            )
        zero(out, k, y, end, out.shape[2])


cdef inline double cell(
    const floating[:, :, :] masks, Py_ssize_t k, Py_ssize_t i, Py_ssize_t j, Py_ssize_t padding
) noexcept nogil:
    """Cell (i, j) of the padded mask."""
    i -= padding
    j -= padding
    return masks[k, i, j] if 0 <= i < masks.shape[1] and 0 <= j < masks.shape[2] else 0


cdef inline void zero(
    floating[:, :, :] out, Py_ssize_t k, Py_ssize_t y, Py_ssize_t begin, Py_ssize_t end
) noexcept nogil:
    cdef Py_ssize_t x
    for x in range(begin, end):
        out[k, y, x] = 0
