"""Bins as sums of weighted cells: the table that operations fill, one small function each."""

from cython cimport floating
from libc.stdint cimport int32_t, uint8_t

from roikit.cpu._geometry cimport Tap
from roikit.cpu.fast._arena cimport Arena


cdef extern from "weighted_cells.h" nogil:
    ctypedef struct Matrix:
        const int32_t *start
        const int32_t *tap
        const int32_t *from_ "from"
        const void *weight

    ctypedef struct Items:
        void *first
        Py_ssize_t channel
        const Py_ssize_t *place

    ctypedef struct WeightedPasses:
        int block
        int (*pack)(
            const Items *, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t channels, void *packed,
            Py_ssize_t stride
        ) noexcept nogil
        int (*sums)(
            const Matrix *, Py_ssize_t begin, Py_ssize_t end, const double *constant, const void *,
            Py_ssize_t stride, const Items *out, Py_ssize_t channels, int how
        ) noexcept nogil
        void (*products)(
            const Matrix *, Py_ssize_t count, const void *, const void *out, Py_ssize_t stride,
            Py_ssize_t channels, double *totals
        ) noexcept nogil

    const WeightedPasses *weighted_passes(int level, int is_double)


# The arrays of a table; each grows as it needs to.
cdef enum:
    START, CELL, WEIGHT, CONSTANT, PAGES, INDEX, TOUCHED, LAST, ROUNDED, BACK_START, BACK_BIN
    ALL_KEPT


cdef class WeightedCells:
    """Bin i is the sum of weight[t] * cell[t] over start[i] <= t < start[i + 1], and of constant[i].

    In place of a weight a tap may have how that changes with each of `moves` numbers: see _moving_cells.pxd.

    Cell g * H * W + y * W + x is cell (y, x) of plane g of the `groups` planes of a channel of the output.
    """

    cdef const WeightedPasses *passes
    cdef bint is_double, runs, gradient
    cdef bint distinct  # `fill` says so: no bin reads a cell twice
    cdef readonly Py_ssize_t groups, H, W
    cdef readonly Py_ssize_t top, bottom  # the rows of the map that are read, once closed
    cdef Py_ssize_t PH, PW, most_taps
    cdef readonly Py_ssize_t rois  # that are in the table
    cdef readonly bint whole  # a gradient's first: all cells are written, once, also those that get nothing
    cdef bint used  # closed before
    cdef readonly Py_ssize_t taps, moves
    cdef Py_ssize_t bins, touched
    cdef bint any_constant
    cdef int32_t *start
    cdef int32_t *cell  # once closed, maybe counted among those that are touched
    cdef double *weight
    cdef double *constant
    cdef int32_t lowest, highest  # of the cells
    cdef int32_t *touched_cell  # in order; NULL where they are not counted
    cdef Matrix matrix
    cdef void *kept[ALL_KEPT]
    cdef size_t sizes[ALL_KEPT]

    cdef void *room(self, int which, size_t size) except NULL nogil
    cdef bint begin(self, double count) except -1 nogil
    cdef int find_touched(self) except -1 nogil
    cdef int merge(self) except -1 nogil
    cdef int to_bins(self) except -1 nogil
    cdef int to_cells(self) except -1 nogil
    cdef int same_type(self, size_t itemsize) except -1


cdef void *scratch(size_t size) except NULL nogil
cdef Py_ssize_t packed_stride(WeightedCells table, Py_ssize_t C) noexcept
cdef Items cell_items(
    WeightedCells table, const floating[:, :, :, :] maps, Py_ssize_t first_row, Arena arena
) except *
cdef Items bin_items(
    WeightedCells table, const floating[:, :, :, :] values, const Py_ssize_t[:] rows, Arena arena
) except *


cdef inline void add_cell(WeightedCells table, Py_ssize_t cell, double weight) noexcept nogil:
    """One more tap of the bin that is being filled; `begin` has made room."""
    table.cell[table.taps], table.weight[table.taps] = <int32_t>cell, weight
    table.taps += 1


cdef inline void add_sample(
    WeightedCells table, Py_ssize_t plane, Tap row, Tap column, double share
) noexcept nogil:
    """The four neighbours of a sample, each with its part of the share, from a plane's first cell on."""
    cdef Py_ssize_t top = plane + row.low * table.W, bottom = plane + row.high * table.W
    if not (row.inside and column.inside):
        return
    cdef double above = (1 - row.fraction) * share, below = row.fraction * share
    add_cell(table, top + column.low, above * (1 - column.fraction))
    add_cell(table, top + column.high, above * column.fraction)
    add_cell(table, bottom + column.low, below * (1 - column.fraction))
    add_cell(table, bottom + column.high, below * column.fraction)


cdef inline void end_bin(WeightedCells table, double constant=0) noexcept nogil:
    table.constant[table.bins] = constant
    table.any_constant |= constant != 0
    table.bins += 1
    table.start[table.bins] = <int32_t>table.taps
