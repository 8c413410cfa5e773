"""The gradient of RoIAlign with respect to the boxes: the map's slope at each sample, times how far
the sample moves with the box."""

from cython cimport floating

from roikit.cpu._maxima cimport AVERAGE, Values, add_largest, read_values
from roikit.cpu._moves cimport Gradient, Sample, Span, add_slope, sample, span
from roikit.cpu._point_slopes cimport tap_slopes
from roikit.cpu._samples cimport Slopes


def roi_align_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, double spatial_scale, sampling_ratio, bint aligned, str mode="avg",
    double empty_value=0.0,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3], k
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Values how = read_values(mode, empty_value)
    cdef Span rows, columns
    cdef Gradient gradient
    with nogil:
        for k in range(rois.shape[0]):
            rows = span(rois[k, 2], rois[k, 4], spatial_scale, aligned, PH, ratio_y)
            columns = span(rois[k, 1], rois[k, 3], spatial_scale, aligned, PW, ratio_x)
            gradient = roi_gradient(grad, features, k, <Py_ssize_t>rois[k, 0], rows, columns, &how)
            out[k, 0], out[k, 1] = gradient.by_x1 * spatial_scale, gradient.by_y1 * spatial_scale
            out[k, 2], out[k, 3] = gradient.by_x2 * spatial_scale, gradient.by_y2 * spatial_scale


cdef inline Gradient roi_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Span rows, Span columns, const Values* how,
) noexcept nogil:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], ph, pw, iy, ix, c
    cdef double count = max(<double>rows.count * columns.count, 1.0) if how.mode == AVERAGE else 1.0
    cdef Gradient total = Gradient(0, 0, 0, 0)
    cdef Sample y, x
    cdef Slopes slope
    for ph in range(rows.bins):
        for pw in range(columns.bins):
            if how.mode != AVERAGE:
                for c in range(grad.shape[1]):
                    add_largest(&total, grad[k, c, ph, pw], features, n, c, &rows, &columns, ph, pw, how)
                continue
            for iy in range(rows.count):
                y = sample(rows, ph, iy, H)
                for ix in range(columns.count):
                    x = sample(columns, pw, ix, W)
                    slope = tap_slopes(grad, features, k, n, ph, pw, y.tap, x.tap, y.moving, x.moving)
                    add_slope(&total, slope.by_y, slope.by_x, &y, &x)
    return Gradient(total.by_x1 / count, total.by_y1 / count, total.by_x2 / count, total.by_y2 / count)
