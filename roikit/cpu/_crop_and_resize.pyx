"""crop_and_resize: a grid of points over the box, its corners included, each read from the map by itself."""

from cython cimport floating

from roikit.cpu._crop cimport Grid, crop_grid, crop_tap, nearest
from roikit.cpu._geometry cimport BLOCK, Tap, blend


def crop_and_resize(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double extrapolation_value, str method, str coordinates,
):
    """out[k, c, ph, pw] = channel c at point (ph, pw) of the grid of rois[k]."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], k, block
    cdef bint bilinear = method == "bilinear", in_cells = coordinates == "cells"
    cdef Grid rows, columns
    with nogil:
        for k in range(K):
            rows = crop_grid(rois[k, 2], rois[k, 4], PH, H, in_cells)
            columns = crop_grid(rois[k, 1], rois[k, 3], PW, W, in_cells)
            for block in range((C + BLOCK - 1) // BLOCK):
                crop_roi(
                    features, out, <Py_ssize_t>rois[k, 0], k, block * BLOCK, min((block + 1) * BLOCK, C),
                    rows, columns, extrapolation_value, bilinear,
                )


cdef inline void crop_roi(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t n, Py_ssize_t k,
    Py_ssize_t first, Py_ssize_t end, Grid rows, Grid columns, double extrapolation_value, bint bilinear,
) noexcept nogil:
    """One RoI, for a block of channels, which share the points' neighbours and weights."""
    cdef Py_ssize_t ph, pw, c
    cdef Tap row, column
    cdef double value
    for ph in range(rows.count):
        row = crop_tap(rows, ph, features.shape[2])
        for pw in range(columns.count):
            column = crop_tap(columns, pw, features.shape[3])
            for c in range(first, end):
                if not (row.inside and column.inside):
                    value = extrapolation_value
                elif bilinear:
                    value = blend(
                        features[n, c, row.low, column.low], features[n, c, row.low, column.high],
                        features[n, c, row.high, column.low], features[n, c, row.high, column.high],
                        row.fraction, column.fraction,
                    )
                else:
                    value = features[n, c, nearest(row), nearest(column)]
                out[k, c, ph, pw] = <floating>value
