"""What the bins of a rotated RoI read: the neighbours of their samples."""

from roikit.cpu._geometry cimport axis_tap
from roikit.cpu._rotated cimport Bins, Frame, Point, bins_of, frame, sample_of
from roikit.cpu._rotated_bins cimport is_one_cell, part
from roikit.cpu.fast._moving_cells cimport add_moving_sample
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_sample, end_bin


def fill(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale,
    sampling_ratio, bint aligned,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, ph, pw
    cdef Frame box
    cdef Bins bins
    with nogil:
        for i in range(rows.shape[0]):
            box = frame(rois, rows[i], spatial_scale, aligned)
            bins = bins_of(box, table.PH, table.PW, ratio_y, ratio_x)
            if not table.begin(4.0 * bins.PH * bins.PW * bins.count_y * bins.count_x):
                break
            for ph in range(bins.PH):
                for pw in range(bins.PW):
                    add_bin(table, box, bins, ph, pw)


def fill_moves(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale,
    sampling_ratio, bint aligned, double turn,
):
    """How the neighbours' weights change with the centre, the width, the height and the angle."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, k, ph, pw
    cdef bint one_row, one_column
    cdef Frame box
    cdef Bins bins
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            box = frame(rois, k, spatial_scale, aligned)
            bins = bins_of(box, table.PH, table.PW, ratio_y, ratio_x)
            one_column = is_one_cell(rois[k, 3], spatial_scale, aligned)
            one_row = is_one_cell(rois[k, 4], spatial_scale, aligned)
            if not table.begin(4.0 * bins.PH * bins.PW * bins.count_y * bins.count_x):
                break
            for ph in range(bins.PH):
                for pw in range(bins.PW):
                    add_moving_bin(table, box, bins, ph, pw, one_row, one_column, spatial_scale, turn)


cdef inline void add_moving_bin(
    WeightedCells table, Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw, bint one_row, bint one_column,
    double spatial_scale, double turn,
) noexcept nogil:
    cdef double share = 1 / max(<double>bins.count_y * bins.count_x, 1.0)
    cdef double scaled = share * spatial_scale, angle = share * turn, down, right
    cdef double[5] of_y = [0, scaled, 0, 0, 0]
    cdef double[5] of_x = [scaled, 0, 0, 0, 0]
    cdef Py_ssize_t iy, ix
    cdef Point point
    for iy in range(bins.count_y):
        for ix in range(bins.count_x):
            point = sample_of(box, bins, ph, pw, iy, ix)
            right = scaled * part(pw, bins.PW, ix, bins.count_x, one_column)
            down = scaled * part(ph, bins.PH, iy, bins.count_y, one_row)
            of_y[2], of_x[2] = -box.sin * right, box.cos * right
            of_y[3], of_x[3] = box.cos * down, box.sin * down
            of_y[4] = -(point.yy * box.sin + point.xx * box.cos) * angle
            of_x[4] = (point.yy * box.cos - point.xx * box.sin) * angle
            add_moving_sample(
                table, 0, axis_tap(point.y, table.H), axis_tap(point.x, table.W),
                0 <= point.y < table.H - 1, 0 <= point.x < table.W - 1, of_y, of_x,
            )
    end_bin(table)


cdef inline void add_bin(
    WeightedCells table, Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw
) noexcept nogil:
    cdef double share = 1 / max(<double>bins.count_y * bins.count_x, 1.0)  # outside the map, too
    cdef Py_ssize_t iy, ix
    cdef Point point
    for iy in range(bins.count_y):
        for ix in range(bins.count_x):
            point = sample_of(box, bins, ph, pw, iy, ix)
            add_sample(table, 0, axis_tap(point.y, table.H), axis_tap(point.x, table.W), share)
    end_bin(table)
