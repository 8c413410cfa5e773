"""What Cython needs of channels.h."""

from cython cimport floating
from libc.stdint cimport int32_t


cdef extern from "channels.h" nogil:
    ctypedef struct Matrix:
        int32_t outputs
        const int32_t *start
        const int32_t *cell
        const void *weight

    ctypedef struct Cells:
        void *first
        Py_ssize_t row, column

    ctypedef struct ChannelPasses:
        void (*sums)(
            const Matrix *, const Matrix *, const Cells *, const Cells *, Py_ssize_t, int add
        ) noexcept nogil
        void (*largest)(
            const Matrix *, int32_t, const Matrix *, int32_t, const Cells *, const Cells *, Py_ssize_t
        ) noexcept nogil
        int (*any_wild)(const Cells *, Py_ssize_t, Py_ssize_t, Py_ssize_t) noexcept nogil
        void (*maxima)(
            const Cells *, Py_ssize_t, Py_ssize_t, Py_ssize_t, void *, int32_t *, int32_t, int32_t
        ) noexcept nogil

    const ChannelPasses *channel_passes(int level, int is_double)


cdef inline Cells cells_at(
    const floating *first, Py_ssize_t row_bytes, Py_ssize_t column_bytes
) noexcept nogil:
    """A rectangle of cells, from the strides of a memoryview."""
    cdef Cells cells
    cells.first = <void *>first
    cells.row = row_bytes // <Py_ssize_t>sizeof(floating)
    cells.column = column_bytes // <Py_ssize_t>sizeof(floating)
    return cells
