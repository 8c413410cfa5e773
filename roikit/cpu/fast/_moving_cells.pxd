"""How the weights of cells change with the numbers of a box: what operations put into a table."""

from libc.stdint cimport int32_t

from roikit.cpu._geometry cimport Tap
from roikit.cpu._moves cimport Sample, Span, sample
from roikit.cpu.fast._weighted_cells cimport WeightedCells, end_bin


cdef inline void add_moving_cell(
    WeightedCells table, Py_ssize_t cell, double by_y, double by_x, const double* of_y, const double* of_x
) noexcept nogil:
    """One more tap. Its weight changes by these where its point moves, which it does by of_y[i], of_x[i]."""
    cdef Py_ssize_t i
    table.cell[table.taps] = <int32_t>cell
    for i in range(table.moves):
        table.weight[table.taps * table.moves + i] = by_y * of_y[i] + by_x * of_x[i]
    table.taps += 1


cdef inline void add_moving_sample(
    WeightedCells table, Py_ssize_t plane, Tap row, Tap column, bint moves_y, bint moves_x,
    const double* of_y, const double* of_x,
) noexcept nogil:
    """The four neighbours of a sample that moves by of_y[i] and of_x[i] with number i, if it moves at all."""
    cdef Py_ssize_t top = plane + row.low * table.W, bottom = plane + row.high * table.W
    cdef double y = row.fraction, x = column.fraction
    if not (row.inside and column.inside):
        return
    add_moving_cell(table, top + column.low, -(1 - x) * moves_y, -(1 - y) * moves_x, of_y, of_x)
    add_moving_cell(table, top + column.high, -x * moves_y, (1 - y) * moves_x, of_y, of_x)
    add_moving_cell(table, bottom + column.low, (1 - x) * moves_y, -y * moves_x, of_y, of_x)
    add_moving_cell(table, bottom + column.high, x * moves_y, y * moves_x, of_y, of_x)


cdef inline void add_moving_bin(
    WeightedCells table, Py_ssize_t plane, Span rows, Span columns, Py_ssize_t ph, Py_ssize_t pw,
    double spatial_scale,
) noexcept nogil:
    """All samples of a bin of RoIAlign, which move with x1, y1, x2 and y2."""
    cdef double share = spatial_scale / max(<double>rows.count * columns.count, 1.0)
    cdef double[4] of_y = [0, 0, 0, 0]
    cdef double[4] of_x = [0, 0, 0, 0]
    cdef Py_ssize_t iy, ix
    cdef Sample y, x
    for iy in range(rows.count):
        y = sample(rows, ph, iy, table.H)
        of_y[1], of_y[3] = share * y.of_start, share * y.of_end
        for ix in range(columns.count):
            x = sample(columns, pw, ix, table.W)
            of_x[0], of_x[2] = share * x.of_start, share * x.of_end
            add_moving_sample(table, plane, y.tap, x.tap, y.moving, x.moving, of_y, of_x)
    end_bin(table)
