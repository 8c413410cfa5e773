"""What the bins of position-sensitive RoIAlign read: neighbours of their samples, each in its own plane."""

from roikit.cpu._geometry cimport Axis, axis_tap, sample_count, sample_point, scale_axis
from roikit.cpu._moves cimport Span, span
from roikit.cpu._position_sensitive cimport Groups, group_of_bin, read_groups
from roikit.cpu.fast._moving_cells cimport add_moving_bin
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_sample, end_bin


def fill(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale,
    sampling_ratio, group_size, bint aligned,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, k, count_y, count_x, ph, pw
    cdef Groups groups = read_groups(table.PH, table.PW, group_size)
    cdef Axis y_axis, x_axis
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            y_axis = scale_axis(rois[k, 2], rois[k, 4], spatial_scale, aligned)
            x_axis = scale_axis(rois[k, 1], rois[k, 3], spatial_scale, aligned)
            count_y = sample_count(y_axis.size, groups.PH, ratio_y)
            count_x = sample_count(x_axis.size, groups.PW, ratio_x)
            if not table.begin(4.0 * groups.PH * groups.PW * count_y * count_x):
                break
            for ph in range(groups.PH):
                for pw in range(groups.PW):
                    add_bin(table, &groups, y_axis, x_axis, count_y, count_x, ph, pw)


def fill_moves(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale,
    sampling_ratio, group_size, bint aligned,
):
    """How the neighbours' weights change with x1, y1, x2 and y2."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, k, ph, pw, plane
    cdef Groups groups = read_groups(table.PH, table.PW, group_size)
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
                    plane = group_of_bin(&groups, ph, pw) * table.H * table.W
                    add_moving_bin(table, plane, height, width, ph, pw, spatial_scale)


cdef inline void add_bin(
    WeightedCells table, const Groups* groups, Axis y_axis, Axis x_axis, Py_ssize_t count_y,
    Py_ssize_t count_x, Py_ssize_t ph, Py_ssize_t pw,
) noexcept nogil:
    cdef double share = 1 / max(<double>count_y * count_x, 1.0)  # outside the map, too
    cdef Py_ssize_t plane = group_of_bin(groups, ph, pw) * table.H * table.W, iy, ix
    for iy in range(count_y):
        for ix in range(count_x):
            add_sample(
                table, plane,
                axis_tap(sample_point(y_axis, groups.PH, count_y, ph, iy), table.H),
                axis_tap(sample_point(x_axis, groups.PW, count_x, pw, ix), table.W),
                share,
            )
    end_bin(table)
