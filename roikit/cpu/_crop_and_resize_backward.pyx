"""The gradient of crop_and_resize with respect to the map: each point gives back to what it read."""

import numpy as np

from cython cimport floating

from roikit.cpu._crop cimport Grid, crop_grid, crop_tap, nearest
from roikit.cpu._geometry cimport BLOCK, Tap
from roikit.cpu._samples cimport spread, write


def crop_and_resize_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, floating[:, :, :, :] out,
    str method, str coordinates,
):
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs at that point."""
    cdef Py_ssize_t N = out.shape[0], C = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3]
    cdef bint bilinear = method == "bilinear", in_cells = coordinates == "cells"
    cdef Py_ssize_t n, block, first, end, k
    # The maps of one image and one block of channels: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(N * C, BLOCK), H, W))
    with nogil:
        for n in range(N):
            for block in range((C + BLOCK - 1) // BLOCK):
                first, end = block * BLOCK, min((block + 1) * BLOCK, C)
                total[:] = 0
                for k in range(rois.shape[0]):
                    if <Py_ssize_t>rois[k, 0] == n:
                        spread_crop(
                            grad, total, k, first, end,
                            crop_grid(rois[k, 2], rois[k, 4], PH, H, in_cells),
                            crop_grid(rois[k, 1], rois[k, 3], PW, W, in_cells), bilinear,
                        )
                write(total, out, n, first, end)


cdef inline void spread_crop(
    const floating[:, :, :, :] grad, double[:, :, ::1] total, Py_ssize_t k, Py_ssize_t first, Py_ssize_t end,
    Grid rows, Grid columns, bint bilinear,
) noexcept nogil:
    """Add to the maps what the points of RoI k give back; one off the map gives nothing."""
    cdef Py_ssize_t ph, pw, c
    cdef Tap row, column
    for ph in range(rows.count):
        row = crop_tap(rows, ph, total.shape[1])
        for pw in range(columns.count):
            column = crop_tap(columns, pw, total.shape[2])
            if not (row.inside and column.inside):
                continue
            for c in range(first, end):
                if bilinear:
                    spread(total, c - first, row, column, grad[k, c, ph, pw])
                else:
                    total[c - first, nearest(row), nearest(column)] += grad[k, c, ph, pw]
