"""What the bins of precise RoI pooling read: all cells that they reach."""

from roikit.cpu._geometry cimport Axis
from roikit.cpu._precise cimport Bin, precise_axis, precise_bin, weight_of
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_cell, end_bin


def fill(WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Py_ssize_t i, k, ph, pw
    cdef Axis height, width
    table.distinct = True
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            height = precise_axis(rois[k, 2], rois[k, 4], spatial_scale)
            width = precise_axis(rois[k, 1], rois[k, 3], spatial_scale)
            if not table.begin(reached(height, table.PH, table.H) * reached(width, table.PW, table.W)):
                break
            for ph in range(table.PH):
                for pw in range(table.PW):
                    add_bin(
                        table, precise_bin(height, ph, table.PH, table.H),
                        precise_bin(width, pw, table.PW, table.W),
                    )


cdef inline double reached(Axis axis, Py_ssize_t bins, Py_ssize_t length) noexcept nogil:
    """How many cells of one axis the bins reach; those of several bins more than once."""
    cdef double count = 0
    cdef Py_ssize_t p
    cdef Bin along
    for p in range(bins):
        along = precise_bin(axis, p, bins, length)
        count += max(along.end - along.first, 0)
    return count


cdef inline void add_bin(WeightedCells table, Bin rows, Bin columns) noexcept nogil:
    cdef Py_ssize_t y, x
    cdef double w_y
    for y in range(rows.first, rows.end):
        w_y = weight_of(rows, y)
        for x in range(columns.first, columns.end):
            add_cell(table, y * table.W + x, w_y * weight_of(columns, x))
    end_bin(table)
