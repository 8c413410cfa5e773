"""What the points of crop_and_resize read: their neighbours, or the nearest of them; off the map nothing."""

from roikit.cpu._crop cimport Grid, Moves, crop_grid, crop_tap, moves, nearest, slope_tap
from roikit.cpu._geometry cimport Tap
from roikit.cpu.fast._moving_cells cimport add_moving_sample
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_cell, add_sample, end_bin


def fill(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double extrapolation_value,
    str method, str coordinates,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef bint bilinear = method == "bilinear", in_cells = coordinates == "cells"
    cdef Py_ssize_t i, k
    table.distinct = True
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            if not table.begin(4.0 * table.PH * table.PW):
                break
            add_roi(
                table, crop_grid(rois[k, 2], rois[k, 4], table.PH, table.H, in_cells),
                crop_grid(rois[k, 1], rois[k, 3], table.PW, table.W, in_cells), extrapolation_value, bilinear,
            )


def fill_for_gradient(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, str method, str coordinates
):
    """The same: a point off the map, whatever it was, gives nothing."""
    fill(table, rois, rows, 0, method, coordinates)


def fill_moves(WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, str coordinates):
    """How the neighbours' weights change with x1, y1, x2 and y2."""
    cdef bint in_cells = coordinates == "cells"
    cdef Py_ssize_t i, k
    table.distinct = table.H > 1 and table.W > 1  # a lone row is above and below: what it gives cancels out
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            if not table.begin(4.0 * table.PH * table.PW):
                break
            add_moving_roi(
                table, crop_grid(rois[k, 2], rois[k, 4], table.PH, table.H, in_cells),
                crop_grid(rois[k, 1], rois[k, 3], table.PW, table.W, in_cells),
            )


cdef inline void add_moving_roi(WeightedCells table, Grid height, Grid width) noexcept nogil:
    cdef Py_ssize_t ph, pw
    cdef Moves down, right
    cdef double[4] of_y = [0, 0, 0, 0]
    cdef double[4] of_x = [0, 0, 0, 0]
    for ph in range(height.count):
        down = moves(height, ph)
        of_y[1], of_y[3] = down.of_start, down.of_end
        for pw in range(width.count):
            right = moves(width, pw)
            of_x[0], of_x[2] = right.of_start, right.of_end
            add_moving_sample(
                table, 0, slope_tap(height, ph, table.H), slope_tap(width, pw, table.W), True, True,
                of_y, of_x,
            )
            end_bin(table)


cdef inline void add_roi(
    WeightedCells table, Grid height, Grid width, double extrapolation_value, bint bilinear
) noexcept nogil:
    cdef Py_ssize_t ph, pw
    cdef Tap row, column
    for ph in range(height.count):
        row = crop_tap(height, ph, table.H)
        for pw in range(width.count):
            column = crop_tap(width, pw, table.W)
            if not (row.inside and column.inside):
                end_bin(table, extrapolation_value)
                continue
            if bilinear:
                add_sample(table, 0, row, column, 1)
            else:
                add_cell(table, nearest(row) * table.W + nearest(column), 1)
            end_bin(table)
