"""The gradient of position-sensitive RoIAlign with respect to the boxes: that of RoIAlign, on the bin's own
channels."""

from cython cimport floating

from roikit.cpu._maxima cimport AVERAGE, Values, add_largest, read_values
from roikit.cpu._moves cimport Gradient, Sample, Span, add_slope, sample, span
from roikit.cpu._position_sensitive cimport Groups, group_of_bin, read_groups
from roikit.cpu._samples cimport Slopes, slopes


def ps_roi_align_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, double spatial_scale, sampling_ratio, group_size, bint aligned, str mode="avg",
    double empty_value=0.0,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3], k
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Groups groups = read_groups(PH, PW, group_size)
    cdef Values how = read_values(mode, empty_value)
    cdef Span rows, columns
    cdef Gradient gradient
    with nogil:
        for k in range(rois.shape[0]):
            rows = span(rois[k, 2], rois[k, 4], spatial_scale, aligned, PH, ratio_y)
            columns = span(rois[k, 1], rois[k, 3], spatial_scale, aligned, PW, ratio_x)
            gradient = roi_gradient(
                grad, features, k, <Py_ssize_t>rois[k, 0], rows, columns, &groups, &how
            )
            out[k, 0], out[k, 1] = gradient.by_x1 * spatial_scale, gradient.by_y1 * spatial_scale
            out[k, 2], out[k, 3] = gradient.by_x2 * spatial_scale, gradient.by_y2 * spatial_scale


cdef inline Gradient roi_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Span rows, Span columns, const Groups* groups, const Values* how,
) noexcept nogil:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    cdef Py_ssize_t ph, pw, iy, ix, c, m
    cdef double count = max(<double>rows.count * columns.count, 1.0) if how.mode == AVERAGE else 1.0
    cdef Gradient total = Gradient(0, 0, 0, 0)
    cdef Sample y, x
    cdef Slopes slope
    for ph in range(rows.bins):
        for pw in range(columns.bins):
            if how.mode != AVERAGE:
                for c in range(grad.shape[1]):
                    m = c * groups.count + group_of_bin(groups, ph, pw)
                    add_largest(&total, grad[k, c, ph, pw], features, n, m, &rows, &columns, ph, pw, how)
                continue
            for iy in range(rows.count):
                y = sample(rows, ph, iy, features.shape[2])
                for ix in range(columns.count):
                    x = sample(columns, pw, ix, features.shape[3])
                    slope = bin_slopes(grad, features, k, n, ph, pw, groups, &y, &x)
                    add_slope(&total, slope.by_y, slope.by_x, &y, &x)
    return Gradient(total.by_x1 / count, total.by_y1 / count, total.by_x2 / count, total.by_y2 / count)


cdef inline Slopes bin_slopes(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Py_ssize_t ph, Py_ssize_t pw, const Groups* groups, const Sample* y, const Sample* x,
) noexcept nogil:
    """The derivatives of sum(grad * map) over the bin's channels, by y and by x at one of its samples."""
    cdef Slopes total = Slopes(0, 0), one
    cdef Py_ssize_t c, m
    if not (y.tap.inside and x.tap.inside):
        return total
    for c in range(grad.shape[1]):
        m = c * groups.count + group_of_bin(groups, ph, pw)
        one = slopes(
            features[n, m, y.tap.low, x.tap.low], features[n, m, y.tap.low, x.tap.high],
            features[n, m, y.tap.high, x.tap.low], features[n, m, y.tap.high, x.tap.high],
            y.tap.fraction, x.tap.fraction,
        )
        total.by_y += grad[k, c, ph, pw] * one.by_y
        total.by_x += grad[k, c, ph, pw] * one.by_x
    return Slopes(total.by_y if y.moving else 0, total.by_x if x.moving else 0)
