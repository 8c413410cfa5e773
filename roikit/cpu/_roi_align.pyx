"""RoIAlign: each bin is sampled at regular points; its value is their maximum or average."""

from cython cimport floating
from libc.math cimport INFINITY

from roikit.cpu._geometry cimport (
    BLOCK, Axis, Tap, axis_tap, blend, larger, sample_count, sample_point, scale_axis,
)

cdef enum Mode:
    MAX
    AVERAGE
    MAX_CORNERS  # of the samples' weighted neighbours, one by one


def roi_align(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, bint aligned, str mode,
):
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Mode how = AVERAGE if mode == "avg" else MAX_CORNERS if mode == "max_corners" else MAX
    cdef Py_ssize_t k, block, ph, pw, batch, count_y, count_x
    cdef Axis y_axis, x_axis
    with nogil:
        for k in range(K):
            batch = <Py_ssize_t>rois[k, 0]
            y_axis = scale_axis(rois[k, 2], rois[k, 4], spatial_scale, aligned)
            x_axis = scale_axis(rois[k, 1], rois[k, 3], spatial_scale, aligned)
            count_y = sample_count(y_axis.size, PH, ratio_y)
            count_x = sample_count(x_axis.size, PW, ratio_x)
            for block in range((C + BLOCK - 1) // BLOCK):
                for ph in range(PH):
                    for pw in range(PW):
                        align_bin(
                            features, out, batch, k, block * BLOCK, min((block + 1) * BLOCK, C), ph, pw,
                            y_axis, x_axis, count_y, count_x, how,
                        )


cdef inline void align_bin(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t batch, Py_ssize_t k,
    Py_ssize_t first_channel, Py_ssize_t end_channel, Py_ssize_t ph, Py_ssize_t pw,
    Axis y_axis, Axis x_axis, Py_ssize_t count_y, Py_ssize_t count_x, Mode how,
) noexcept nogil:
    """One bin of one RoI, for a block of channels, which share the samples' neighbours and weights."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Py_ssize_t PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t c, iy, ix
    cdef double value
    cdef double[BLOCK] result  # sum or maximum so far, one for each channel of the block
    cdef bint any_outside = False
    cdef Tap row, column

    for c in range(first_channel, end_channel):
        result[c - first_channel] = 0.0 if how == AVERAGE else -INFINITY

    for iy in range(count_y):
        row = axis_tap(sample_point(y_axis, PH, count_y, ph, iy), H)
        if not row.inside:
            any_outside = True
            continue
        for ix in range(count_x):
            column = axis_tap(sample_point(x_axis, PW, count_x, pw, ix), W)
            if not column.inside:
                any_outside = True
                continue
            for c in range(first_channel, end_channel):
                value = read_sample(
                    features[batch, c, row.low, column.low], features[batch, c, row.low, column.high],
                    features[batch, c, row.high, column.low], features[batch, c, row.high, column.high],
                    row.fraction, column.fraction, how,
                )
                if how == AVERAGE:
                    result[c - first_channel] += value
                else:
                    result[c - first_channel] = larger(value, result[c - first_channel])

    for c in range(first_channel, end_channel):
        value = result[c - first_channel]
        if count_y == 0 or count_x == 0:  # an empty box, sampled adaptively
            value = 0
        elif how == AVERAGE:
            value = value / (<double>count_y * count_x)  # samples outside the map stay in the divisor
        elif any_outside and value < 0:
            value = 0
        out[k, c, ph, pw] = <floating>(value + 0.0)  # 0.0 has no sign


cdef inline double read_sample(
    double top_left, double top_right, double bottom_left, double bottom_right, double frac_y, double frac_x,
    Mode how,
) noexcept nogil:
    """What one sample is: its four neighbours blended, or the largest of them by its weight."""
    cdef double best
    if how != MAX_CORNERS:
        return blend(top_left, top_right, bottom_left, bottom_right, frac_y, frac_x)
    best = (1 - frac_y) * (1 - frac_x) * top_left
    best = larger((1 - frac_y) * frac_x * top_right, best)
    best = larger(frac_y * (1 - frac_x) * bottom_left, best)
    return larger(frac_y * frac_x * bottom_right, best)
