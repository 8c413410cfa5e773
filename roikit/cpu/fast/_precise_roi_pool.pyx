"""What the bins of precise RoI pooling read: all cells that they reach."""

from roikit.cpu._geometry cimport Axis
from roikit.cpu._precise cimport Bin, Moves, moves_of, precise_axis, precise_bin, weight_of
from roikit.cpu.fast._moving_cells cimport add_moving_cell
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_cell, end_bin


def fill(WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale):
    """Put in the RoIs of these rows, as long as there is room.

    A table with moves has how the weights change with x1, y1, x2 and y2, too.
    """
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
                        precise_bin(width, pw, table.PW, table.W), ph, pw, spatial_scale,
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


cdef inline void add_bin(
    WeightedCells table, Bin rows, Bin columns, Py_ssize_t ph, Py_ssize_t pw, double spatial_scale
) noexcept nogil:
    cdef Py_ssize_t y, x
    cdef double w_y
    cdef Moves down = Moves(0, 0)
    for y in range(rows.first, rows.end):
        w_y = weight_of(rows, y)
        if table.moves:
            down = moves_of(rows, y, ph, table.PH)
        for x in range(columns.first, columns.end):
            if table.moves:
                add_moving(
                    table, y * table.W + x, w_y * spatial_scale, weight_of(columns, x) * spatial_scale, down,
                    moves_of(columns, x, pw, table.PW),
                )
            else:
                add_cell(table, y * table.W + x, w_y * weight_of(columns, x))
    end_bin(table)


cdef inline void add_moving(
    WeightedCells table, Py_ssize_t cell, double w_y, double w_x, Moves down, Moves across
) noexcept nogil:
    """How the cell's weight changes with x1, y1, x2 and y2."""
    cdef double[4] of_y = [0, w_x * down.by_start, 0, w_x * down.by_end]
    cdef double[4] of_x = [w_y * across.by_start, 0, w_y * across.by_end, 0]
    add_moving_cell(table, cell, 1, 1, of_y, of_x)
