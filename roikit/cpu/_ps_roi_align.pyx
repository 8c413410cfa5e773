"""Position-sensitive RoIAlign: each bin is the average of its samples, and on channels of its own."""

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Axis, Tap, axis_tap, blend, sample_count, sample_point, scale_axis
from roikit.cpu._position_sensitive cimport Groups, group_of_bin, read_groups


def ps_roi_align(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, group_size, bint aligned,
):
    """out[k, c, ph, pw] = average at the sample points of bin (ph, pw) of rois[k], on the bin's channels."""
    cdef Py_ssize_t C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Py_ssize_t k, block, ph, pw, count_y, count_x
    cdef Groups groups = read_groups(PH, PW, group_size)
    cdef Axis y_axis, x_axis
    with nogil:
        for k in range(out.shape[0]):
            y_axis = scale_axis(rois[k, 2], rois[k, 4], spatial_scale, aligned)
            x_axis = scale_axis(rois[k, 1], rois[k, 3], spatial_scale, aligned)
            count_y = sample_count(y_axis.size, PH, ratio_y)
            count_x = sample_count(x_axis.size, PW, ratio_x)
            for block in range((C + BLOCK - 1) // BLOCK):
                for ph in range(PH):
                    for pw in range(PW):
                        align_bin(
                            features, out, <Py_ssize_t>rois[k, 0], k, block * BLOCK,
                            min((block + 1) * BLOCK, C), ph, pw, &groups, y_axis, x_axis, count_y, count_x,
                        )


cdef inline void align_bin(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t batch, Py_ssize_t k,
    Py_ssize_t first, Py_ssize_t end, Py_ssize_t ph, Py_ssize_t pw, const Groups* groups,
    Axis y_axis, Axis x_axis, Py_ssize_t count_y, Py_ssize_t count_x,
) noexcept nogil:
    """One bin of one RoI, for a block of channels, which share the samples' neighbours and weights."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Py_ssize_t group = group_of_bin(groups, ph, pw), channel, c, iy, ix
    cdef double[BLOCK] total
    cdef double value
    cdef Tap row, column

    for c in range(end - first):
        total[c] = 0
    for iy in range(count_y):
        row = axis_tap(sample_point(y_axis, groups.PH, count_y, ph, iy), H)
        if not row.inside:
            continue
        for ix in range(count_x):
            column = axis_tap(sample_point(x_axis, groups.PW, count_x, pw, ix), W)
            if not column.inside:
                continue
            for c in range(first, end):
                channel = c * groups.count + group
                total[c - first] += blend(
                    features[batch, channel, row.low, column.low],
                    features[batch, channel, row.low, column.high],
                    features[batch, channel, row.high, column.low],
                    features[batch, channel, row.high, column.high],
                    row.fraction, column.fraction,
                )

    for c in range(first, end):
        value = 0  # of an empty box, sampled adaptively
        if count_y > 0 and count_x > 0:
            value = total[c - first] / (<double>count_y * count_x)  # samples outside stay in the divisor
        out[k, c, ph, pw] = <floating>value
