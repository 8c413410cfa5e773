"""How the samples of RoIAlign move with the box."""

from roikit.cpu._moves cimport Span, span
from roikit.cpu.fast._moving_cells cimport add_moving_bin
from roikit.cpu.fast._weighted_cells cimport WeightedCells


def fill_moves(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale,
    sampling_ratio, bint aligned,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, k, ph, pw
    cdef Span height, width
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            height = span(rois[k, 2], rois[k, 4], spatial_scale, aligned, table.PH, ratio_y)
            width = span(rois[k, 1], rois[k, 3], spatial_scale, aligned, table.PW, ratio_x)
            if not table.begin(4.0 * table.PH * table.PW * height.count * width.count):
                break
            for ph in range(table.PH):
                for pw in range(table.PW):
                    add_moving_bin(table, 0, height, width, ph, pw, spatial_scale)
