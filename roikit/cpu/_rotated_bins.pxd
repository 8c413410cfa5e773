"""The bins of rotated boxes: what they read and give back, and how they change with the box."""

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Tap, axis_tap, blend
from roikit.cpu._point_slopes cimport number, point_slopes
from roikit.cpu._rotated cimport Bins, Frame, Point, row_is_outside, sample_of
from roikit.cpu._samples cimport Slopes, spread

cdef struct Gradient:
    double by_x
    double by_y
    double by_width
    double by_height
    double by_angle


# --- what they read --------------------------------------------------------------------------------------

cdef inline void align_roi(
    const floating[:, :, :, :] features, Py_ssize_t n, number[:, :, :, :] out, Py_ssize_t k, Frame box,
    Bins bins,
) noexcept nogil:
    """out[k] = the bins of one RoI of image n."""
    cdef Py_ssize_t C = out.shape[1], block, ph, pw
    for block in range((C + BLOCK - 1) // BLOCK):
        for ph in range(bins.PH):
            for pw in range(bins.PW):
                align_bin(
                    features, out, n, k, block * BLOCK, min((block + 1) * BLOCK, C), box, bins, ph, pw
                )


cdef inline void align_bin(
    const floating[:, :, :, :] features, number[:, :, :, :] out, Py_ssize_t n, Py_ssize_t k,
    Py_ssize_t first, Py_ssize_t end, Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw,
) noexcept nogil:
    """One bin of one RoI, for a block of channels, which share the samples' neighbours and weights."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], c, iy, ix
    cdef double count = max(<double>bins.count_y * bins.count_x, 1.0)  # samples outside the map stay in it
    cdef double[BLOCK] sums
    cdef Point point
    cdef Tap row, column
    for c in range(first, end):
        sums[c - first] = 0
    for iy in range(bins.count_y):
        if row_is_outside(box, bins, ph, pw, iy, H, W):
            continue
        for ix in range(bins.count_x):
            point = sample_of(box, bins, ph, pw, iy, ix)
            row, column = axis_tap(point.y, H), axis_tap(point.x, W)
            if not (row.inside and column.inside):
                continue
            for c in range(first, end):
                sums[c - first] += blend(
                    features[n, c, row.low, column.low], features[n, c, row.low, column.high],
                    features[n, c, row.high, column.low], features[n, c, row.high, column.high],
                    row.fraction, column.fraction,
                )
    for c in range(first, end):
        out[k, c, ph, pw] = <number>(sums[c - first] / count)


# --- what they give back ---------------------------------------------------------------------------------

cdef inline void spread_roi(
    const number[:, :, :, :] grad, double[:, :, ::1] total, Py_ssize_t k, Py_ssize_t first, Py_ssize_t end,
    Frame box, Bins bins,
) noexcept nogil:
    """Add to the maps what the bins of RoI k give back: each sample an equal share of its bin's gradient."""
    cdef Py_ssize_t H = total.shape[1], W = total.shape[2], ph, pw, iy, ix, c
    cdef double count = <double>bins.count_y * bins.count_x  # samples outside the map stay in the divisor
    cdef Point point
    cdef Tap row, column
    for ph in range(bins.PH):
        for pw in range(bins.PW):
            for iy in range(bins.count_y):
                if row_is_outside(box, bins, ph, pw, iy, H, W):
                    continue
                for ix in range(bins.count_x):
                    point = sample_of(box, bins, ph, pw, iy, ix)
                    row, column = axis_tap(point.y, H), axis_tap(point.x, W)
                    if not (row.inside and column.inside):
                        continue
                    for c in range(first, end):
                        spread(total, c - first, row, column, grad[k, c, ph, pw] / count)


# --- how they change -------------------------------------------------------------------------------------

cdef inline Gradient roi_gradient(
    const number[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Frame box, Bins bins, bint one_row, bint one_column,
) noexcept nogil:
    """The gradient of one RoI by its sides in cells, and by the angle in radians."""
    cdef double count = max(<double>bins.count_y * bins.count_x, 1.0)
    cdef Gradient total = Gradient(0, 0, 0, 0, 0)
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], ph, pw, iy, ix
    cdef Point point
    cdef Slopes by
    cdef double along_height, along_width  # the slopes along the box's own sides
    for ph in range(bins.PH):
        for pw in range(bins.PW):
            for iy in range(bins.count_y):
                if row_is_outside(box, bins, ph, pw, iy, H, W):
                    continue
                for ix in range(bins.count_x):
                    point = sample_of(box, bins, ph, pw, iy, ix)
                    by = point_slopes(grad, features, k, n, ph, pw, point.y, point.x)
                    along_height = by.by_y * box.cos + by.by_x * box.sin
                    along_width = by.by_x * box.cos - by.by_y * box.sin
                    total.by_x += by.by_x
                    total.by_y += by.by_y
                    total.by_width += along_width * part(pw, bins.PW, ix, bins.count_x, one_column)
                    total.by_height += along_height * part(ph, bins.PH, iy, bins.count_y, one_row)
                    total.by_angle += point.yy * along_width - point.xx * along_height
    return Gradient(
        total.by_x / count, total.by_y / count, total.by_width / count, total.by_height / count,
        total.by_angle / count,
    )


cdef inline bint is_one_cell(double side, double spatial_scale, bint aligned) noexcept nogil:
    """Whether a side was made one cell long, and stays it."""
    return not aligned and side * spatial_scale < 1


cdef inline double part(
    Py_ssize_t p, Py_ssize_t bins, Py_ssize_t i, Py_ssize_t count, bint one_cell
) noexcept nogil:
    """How far point i of bin p moves from the centre when the box becomes one cell longer."""
    return 0 if one_cell else (p + (i + 0.5) / count) / bins - 0.5


cdef inline void write_gradient(
    Gradient gradient, double[:, :] out, Py_ssize_t k, double spatial_scale, double turn
) noexcept nogil:
    """Per image pixel, and per unit of the angle, which is `turn` radians."""
    out[k, 0], out[k, 1] = gradient.by_x * spatial_scale, gradient.by_y * spatial_scale
    out[k, 2], out[k, 3] = gradient.by_width * spatial_scale, gradient.by_height * spatial_scale
    out[k, 4] = gradient.by_angle * turn
