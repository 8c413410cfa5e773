"""The gradient of average RoIAlign with respect to the boxes: the map's slope at each sample, times how far
the sample moves with the box."""

from cython cimport floating

from roikit.cpu._geometry cimport Axis, Tap, axis_tap, sample_count, sample_point, scale_axis

cdef struct Span:
    # One axis of one box, and how it is sampled.
    Axis axis
    Py_ssize_t bins
    Py_ssize_t count
    bint one_cell  # whether `scale_axis` gave it another size than it has

cdef struct Sample:
    # A point of one axis, and how far it moves when the box's start, or its end, moves by one cell.
    Tap tap
    bint moving  # one that is clamped to the map reads the same cell
    double of_start
    double of_end

cdef struct Slopes:
    double by_y
    double by_x

cdef struct Gradient:
    double by_x1
    double by_y1
    double by_x2
    double by_y2


def roi_align_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, double spatial_scale, sampling_ratio, bint aligned,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3], k
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Span rows, columns
    cdef Gradient gradient
    with nogil:
        for k in range(rois.shape[0]):
            rows = span(rois[k, 2], rois[k, 4], spatial_scale, aligned, PH, ratio_y)
            columns = span(rois[k, 1], rois[k, 3], spatial_scale, aligned, PW, ratio_x)
            gradient = roi_gradient(grad, features, k, <Py_ssize_t>rois[k, 0], rows, columns)
            out[k, 0], out[k, 1] = gradient.by_x1 * spatial_scale, gradient.by_y1 * spatial_scale
            out[k, 2], out[k, 3] = gradient.by_x2 * spatial_scale, gradient.by_y2 * spatial_scale


cdef inline Span span(
    double start, double end, double spatial_scale, bint aligned, Py_ssize_t bins, Py_ssize_t ratio
) noexcept nogil:
    cdef Span found
    found.axis = scale_axis(start, end, spatial_scale, aligned)
    found.bins = bins
    found.count = sample_count(found.axis.size, bins, ratio)
    found.one_cell = not aligned and end * spatial_scale - start * spatial_scale < 1
    return found


cdef inline Gradient roi_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Span rows, Span columns,
) noexcept nogil:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], ph, pw, iy, ix
    cdef double count = max(<double>rows.count * columns.count, 1.0)
    cdef Gradient total = Gradient(0, 0, 0, 0)
    cdef Sample y, x
    cdef Slopes slope
    for ph in range(rows.bins):
        for pw in range(columns.bins):
            for iy in range(rows.count):
                y = sample(rows, ph, iy, H)
                for ix in range(columns.count):
                    x = sample(columns, pw, ix, W)
                    slope = bin_slopes(grad, features, k, n, ph, pw, y, x)
                    total.by_x1 += slope.by_x * x.of_start
                    total.by_y1 += slope.by_y * y.of_start
                    total.by_x2 += slope.by_x * x.of_end
                    total.by_y2 += slope.by_y * y.of_end
    return Gradient(total.by_x1 / count, total.by_y1 / count, total.by_x2 / count, total.by_y2 / count)


cdef inline Sample sample(Span along, Py_ssize_t p, Py_ssize_t i, Py_ssize_t length) noexcept nogil:
    """Point i of bin p: at the part t of the box it lies at (1 - t) * start + t * end."""
    cdef Sample found
    cdef double point = sample_point(along.axis, along.bins, along.count, p, i)
    cdef double t = (p + (i + 0.5) / along.count) / along.bins
    found.tap = axis_tap(point, length)
    found.moving = 0 <= point < length - 1
    found.of_start = 1 if along.one_cell else 1 - t
    found.of_end = 0 if along.one_cell else t
    return found


cdef inline Slopes bin_slopes(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Py_ssize_t ph, Py_ssize_t pw, Sample y, Sample x,
) noexcept nogil:
    """The derivatives of sum(grad * map) over the channels, by y and by x at one sample of a bin."""
    cdef Slopes total = Slopes(0, 0), one
    cdef Py_ssize_t c
    if not (y.tap.inside and x.tap.inside):
        return total
    for c in range(grad.shape[1]):
        one = slopes(
            features[n, c, y.tap.low, x.tap.low], features[n, c, y.tap.low, x.tap.high],
            features[n, c, y.tap.high, x.tap.low], features[n, c, y.tap.high, x.tap.high],
            y.tap.fraction, x.tap.fraction,
        )
        total.by_y += grad[k, c, ph, pw] * one.by_y
        total.by_x += grad[k, c, ph, pw] * one.by_x
    return Slopes(total.by_y if y.moving else 0, total.by_x if x.moving else 0)


cdef inline Slopes slopes(
    double top_left, double top_right, double bottom_left, double bottom_right, double frac_y, double frac_x
) noexcept nogil:
    """The derivatives of `blend` by y and by x."""
    cdef double top = (1 - frac_x) * top_left + frac_x * top_right
    cdef double bottom = (1 - frac_x) * bottom_left + frac_x * bottom_right
    return Slopes(
        bottom - top, (1 - frac_y) * (top_right - top_left) + frac_y * (bottom_right - bottom_left)
    )
