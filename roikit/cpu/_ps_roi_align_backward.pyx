"""The gradient of position-sensitive RoIAlign with respect to the map: each bin gives back what it read."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Axis, Tap, axis_tap, sample_count, sample_point, scale_axis
from roikit.cpu._maxima cimport AVERAGE, Values, read_values, spaced, spread_largest
from roikit.cpu._moves cimport Span
from roikit.cpu._position_sensitive cimport Groups, group_of_bin, read_groups
from roikit.cpu._samples cimport spread, write


def ps_roi_align_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, group_size, bint aligned, str mode="avg",
    const floating[:, :, :, :] features=None, double empty_value=0.0,
):
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    cdef Py_ssize_t N = out.shape[0], C = grad.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Py_ssize_t n, group, block, first, end, k
    cdef Values how = read_values(mode, empty_value)
    cdef Groups groups = read_groups(grad.shape[2], grad.shape[3], group_size)
    # The maps of one image, one group and one block of channels: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(N * C, BLOCK), H, W))
    with nogil:
        for n in range(N):
            for group in range(min(groups.count, out.shape[1])):
                for block in range((C + BLOCK - 1) // BLOCK):
                    first, end = block * BLOCK, min((block + 1) * BLOCK, C)
                    total[:] = 0
                    for k in range(rois.shape[0]):
                        if <Py_ssize_t>rois[k, 0] == n:
                            spread_roi(
                                grad, features, total, k, n, first, end, group, &groups,
                                scale_axis(rois[k, 2], rois[k, 4], spatial_scale, aligned),
                                scale_axis(rois[k, 1], rois[k, 3], spatial_scale, aligned),
                                ratio_y, ratio_x, &how,
                            )
                    write(total, out[:, group :: groups.count], n, first, end)


cdef inline void spread_roi(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, double[:, :, ::1] total,
    Py_ssize_t k, Py_ssize_t n, Py_ssize_t first, Py_ssize_t end, Py_ssize_t group, const Groups* groups,
    Axis y_axis, Axis x_axis, Py_ssize_t ratio_y, Py_ssize_t ratio_x, const Values* how,
) noexcept nogil:
    """Add to the maps of one group what those bins of RoI k give back that read them."""
    cdef Py_ssize_t count_y = sample_count(y_axis.size, groups.PH, ratio_y)
    cdef Py_ssize_t count_x = sample_count(x_axis.size, groups.PW, ratio_x)
    cdef Span rows = spaced(y_axis, groups.PH, count_y), columns = spaced(x_axis, groups.PW, count_x)
    cdef Py_ssize_t ph, pw, c
    for ph in range(groups.PH):
        for pw in range(groups.PW):
            if group_of_bin(groups, ph, pw) != group:
                continue
            if how.mode == AVERAGE:
                spread_bin(grad, total, k, first, end, ph, pw, groups, y_axis, x_axis, count_y, count_x)
                continue
            for c in range(first, end):
                spread_largest(
                    total, c - first, features, n, c * groups.count + group, &rows, &columns, ph, pw, how,
                    grad[k, c, ph, pw],
                )


cdef inline void spread_bin(
    const floating[:, :, :, :] grad, double[:, :, ::1] total, Py_ssize_t k, Py_ssize_t first, Py_ssize_t end,
    Py_ssize_t ph, Py_ssize_t pw, const Groups* groups, Axis y_axis, Axis x_axis,
    Py_ssize_t count_y, Py_ssize_t count_x,
) noexcept nogil:
    """Give each sample of a bin an equal share of the bin's gradient."""
    cdef double count = <double>count_y * count_x  # samples outside the map stay in the divisor
    cdef Py_ssize_t iy, ix, c
    cdef Tap row, column
    for iy in range(count_y):
        row = axis_tap(sample_point(y_axis, groups.PH, count_y, ph, iy), total.shape[1])
        if not row.inside:
            continue
        for ix in range(count_x):
            column = axis_tap(sample_point(x_axis, groups.PW, count_x, pw, ix), total.shape[2])
            if not column.inside:
                continue
            for c in range(first, end):
                spread(total, c - first, row, column, grad[k, c, ph, pw] / count)
