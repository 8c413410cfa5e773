"""What Cython needs of channels.h."""

from cython cimport floating
from libc.stdint cimport int32_t


cdef extern from "channels.h" nogil:
    ctypedef struct Matrix:
        int32_t inputs, outputs, joined
        const int32_t *from_ "from"
        const int32_t *to
        const int32_t *start
        const int32_t *tap
        const void *weight

    ctypedef struct Cells:
        void *first
        Py_ssize_t row, column

    ctypedef struct ChannelPasses:
        int run
        int (*apply)(
            const Matrix *, const Matrix *, const Cells *, const Cells *, void *scratch, Py_ssize_t channels,
            int how
        ) noexcept nogil
        int (*any_wild)(const Cells *, Py_ssize_t, Py_ssize_t, Py_ssize_t) noexcept nogil
        int (*maxima)(
            const Cells *, Py_ssize_t, Py_ssize_t, Py_ssize_t, void *, int32_t *, int32_t map_width,
            int how
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
