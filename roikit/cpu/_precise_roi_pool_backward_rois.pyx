"""The gradient of precise RoI pooling with respect to the boxes: the surface's mean slope over each piece of
a bin, times how far the piece's middle moves with the box."""

from cython cimport floating

from roikit.cpu._geometry cimport Axis
from roikit.cpu._precise cimport Bin, Moves, moves_of, precise_axis, precise_bin, weight_of

cdef struct Gradient:
    double by_x1
    double by_y1
    double by_x2
    double by_y2


def precise_roi_pool_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, double spatial_scale,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3], k, ph, pw
    cdef Axis y_axis, x_axis
    cdef Gradient total, one
    with nogil:
        for k in range(rois.shape[0]):
            y_axis = precise_axis(rois[k, 2], rois[k, 4], spatial_scale)
            x_axis = precise_axis(rois[k, 1], rois[k, 3], spatial_scale)
            total = Gradient(0, 0, 0, 0)
            for ph in range(PH):
                for pw in range(PW):
                    one = bin_gradient(
                        grad, features, k, <Py_ssize_t>rois[k, 0], ph, pw,
                        precise_bin(y_axis, ph, PH, features.shape[2]),
                        precise_bin(x_axis, pw, PW, features.shape[3]),
                    )
                    total.by_x1 += one.by_x1
                    total.by_y1 += one.by_y1
                    total.by_x2 += one.by_x2
                    total.by_y2 += one.by_y2
            out[k, 0], out[k, 1] = total.by_x1 * spatial_scale, total.by_y1 * spatial_scale
            out[k, 2], out[k, 3] = total.by_x2 * spatial_scale, total.by_y2 * spatial_scale


cdef inline Gradient bin_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Py_ssize_t ph, Py_ssize_t pw, Bin rows, Bin columns,
) noexcept nogil:
    """The gradient of sum(grad[c] * the bin on channel c) by x1, y1, x2, y2, these in cells."""
    cdef Gradient total = Gradient(0, 0, 0, 0)
    cdef Py_ssize_t y, x
    cdef double value, row, row_by_x1, row_by_x2, w_y
    cdef Moves down, across
    for y in range(rows.first, rows.end):
        row, row_by_x1, row_by_x2 = 0, 0, 0
        for x in range(columns.first, columns.end):
            value = over_channels(grad, features, k, n, ph, pw, y, x)
            across = moves_of(columns, x, pw, grad.shape[3])
            row += weight_of(columns, x) * value
            row_by_x1 += across.by_start * value
            row_by_x2 += across.by_end * value
        w_y, down = weight_of(rows, y), moves_of(rows, y, ph, grad.shape[2])
        total.by_x1 += w_y * row_by_x1
        total.by_y1 += down.by_start * row
        total.by_x2 += w_y * row_by_x2
        total.by_y2 += down.by_end * row
    return total


cdef inline double over_channels(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Py_ssize_t ph, Py_ssize_t pw, Py_ssize_t y, Py_ssize_t x,
) noexcept nogil:
    """The sum of grad[c] * features[c] at one cell."""
    cdef double total = 0
    cdef Py_ssize_t c
    for c in range(grad.shape[1]):
        total += <double>grad[k, c, ph, pw] * features[n, c, y, x]
    return total
