"""The gradient of position-sensitive RoI pooling: a bin's cells share its gradient equally, or its maximum
has it."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport Range, Region, Rules, bin_cells, quantize_axis, read_rules
from roikit.cpu._position_sensitive cimport (
    Cells, Groups, cells_on_map, find_maximum, group_column, group_row, read_groups,
)


def ps_roi_pool_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, group_size, convention, str mode="avg",
    const floating[:, :, :, :] features=None,
):
    """out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    cdef Py_ssize_t N = out.shape[0], M = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t n, m, k, y, x
    cdef bint largest = mode == "max"
    cdef Rules rules = read_rules(convention)
    cdef Groups groups = read_groups(grad.shape[2], grad.shape[3], group_size)
    # One map: added up in float64, rounded once.
    cdef double[:, ::1] total = np.empty((min(N * M, 1) * H, W))
    with nogil:
        for n in range(N):
            for m in range(M):
                total[:] = 0
                for k in range(rois.shape[0]):
                    if <Py_ssize_t>rois[k, 0] == n:
                        spread_roi(
                            grad, features, largest, total, k, n, m, &groups, &rules,
                            quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, &rules),
                            quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, &rules),
                        )
                for y in range(H):
                    for x in range(W):
                        out[n, m, y, x] = <floating>total[y, x]


cdef inline void spread_roi(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, bint largest, double[:, ::1] total,
    Py_ssize_t k, Py_ssize_t n, Py_ssize_t m, const Groups* groups, const Rules* rules, Region region_rows,
    Region region_columns,
) noexcept nogil:
    """Add to channel m of the map what those bins of RoI k give back that read it."""
    cdef Py_ssize_t c = m // groups.count
    cdef Py_ssize_t gh = m % groups.count // groups.GW, gw = m % groups.GW
    cdef Py_ssize_t ph, pw, y = 0, x = 0
    cdef Range rows, columns
    cdef Cells cells
    for ph in range(groups.PH):
        if group_row(groups, ph) != gh:
            continue
        rows = bin_cells(ph, region_rows, groups.PH, rules)
        for pw in range(groups.PW):
            if group_column(groups, pw) != gw:
                continue
            columns = bin_cells(pw, region_columns, groups.PW, rules)
            cells = cells_on_map(rows, columns, total.shape[0], total.shape[1], rules)
            if not largest:
                spread_bin(total, &cells, grad[k, c, ph, pw])
            elif find_maximum(features, n, m, &cells, &y, &x):
                total[y, x] += grad[k, c, ph, pw]


cdef inline void spread_bin(double[:, ::1] total, const Cells* cells, double value) noexcept nogil:
    """Give each cell of a bin an equal share of the bin's gradient."""
    cdef Py_ssize_t y, x
    for y in range(cells.y_start, cells.y_end):
        for x in range(cells.x_start, cells.x_end):
            total[y, x] += value / cells.count
