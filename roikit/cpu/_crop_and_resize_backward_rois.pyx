"""The gradient of bilinear crop_and_resize with respect to the boxes: the map's slope at each point, times
how far the point moves with the box."""

from cython cimport floating

from roikit.cpu._crop cimport Grid, Moves, crop_grid, moves, slope_tap
from roikit.cpu._geometry cimport Tap
from roikit.cpu._point_slopes cimport tap_slopes
from roikit.cpu._samples cimport Slopes


def crop_and_resize_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, str coordinates,
):
    """out[k] = the gradient of sum(grad[k] * the crop of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3]
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], k
    cdef bint in_cells = coordinates == "cells"
    with nogil:
        for k in range(rois.shape[0]):
            crop_gradient(
                grad, features, out, k, <Py_ssize_t>rois[k, 0],
                crop_grid(rois[k, 2], rois[k, 4], PH, H, in_cells),
                crop_grid(rois[k, 1], rois[k, 3], PW, W, in_cells),
            )


cdef inline void crop_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, double[:, :] out,
    Py_ssize_t k, Py_ssize_t n, Grid rows, Grid columns,
) noexcept nogil:
    """The gradient of one RoI."""
    cdef double by_x1 = 0, by_y1 = 0, by_x2 = 0, by_y2 = 0
    cdef Py_ssize_t ph, pw
    cdef Moves down, right
    cdef Tap row, column
    cdef Slopes slope
    for ph in range(rows.count):
        row, down = slope_tap(rows, ph, features.shape[2]), moves(rows, ph)
        for pw in range(columns.count):
            column, right = slope_tap(columns, pw, features.shape[3]), moves(columns, pw)
            slope = tap_slopes(grad, features, k, n, ph, pw, row, column, True, True)
            by_x1 += slope.by_x * right.of_start
            by_y1 += slope.by_y * down.of_start
            by_x2 += slope.by_x * right.of_end
            by_y2 += slope.by_y * down.of_end
    out[k, 0], out[k, 1], out[k, 2], out[k, 3] = by_x1, by_y1, by_x2, by_y2
