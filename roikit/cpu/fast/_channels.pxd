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

    void end_stream() noexcept

    enum:
        WRITE, STREAM, ADD, LARGEST

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


# An output of so many bytes is not in a cache any more when it is read.
cdef enum:
    LARGE = 1 << 23


cdef inline int how_to_write(const floating[:, :, :, :] out, bint packed) noexcept nogil:
    """STREAM where the output is large, is not copied at once, and has each cell begin on a cache line."""
    cdef Py_ssize_t size = out.shape[0] * out.shape[1] * out.shape[2] * out.shape[3] * sizeof(floating)
    if packed or size < LARGE:
        return WRITE
    if (<size_t>&out[0, 0, 0, 0] | out.strides[0] | out.strides[1] | out.strides[2]) % 64:
        return WRITE
    return STREAM
