"""RoIAlign: each bin is sampled at regular points; its value is their maximum or average."""

from cython cimport floating
from libc.math cimport INFINITY

from roikit.cpu._geometry cimport BLOCK, Axis, Tap, axis_tap, larger, sample_count, sample_point, scale_axis
from roikit.cpu._maxima cimport AVERAGE, Values, bin_value, read_sample, read_values


def roi_align(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, bint aligned, str mode, double empty_value=0.0,
):
    """out[k, c, ph, pw] = maximum or average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Values how = read_values(mode, empty_value)
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
                            y_axis, x_axis, count_y, count_x, &how,
                        )


cdef inline void align_bin(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t batch, Py_ssize_t k,
    Py_ssize_t first_channel, Py_ssize_t end_channel, Py_ssize_t ph, Py_ssize_t pw,
    Axis y_axis, Axis x_axis, Py_ssize_t count_y, Py_ssize_t count_x, const Values* how,
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
        result[c - first_channel] = 0.0 if how.mode == AVERAGE else -INFINITY

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
                    row.fraction, column.fraction, how.mode,
                )
                if how.mode == AVERAGE:
                    result[c - first_channel] += value
                else:
                    result[c - first_channel] = larger(value, result[c - first_channel])

    for c in range(first_channel, end_channel):
        value = bin_value(result[c - first_channel], count_y, count_x, any_outside, how)
        out[k, c, ph, pw] = <floating>value
