"""How outputs with the channels last are written."""

from cython cimport floating


cdef extern from "matrix.h" nogil:
    enum:
        WRITE, STREAM, ADD, LARGEST

    void end_stream() noexcept


# An output of so many bytes is not in a cache any more when it is read.
cdef enum:
    LARGE = 1 << 23


cdef inline int how_to_write(
    const floating[:, :, :, :] out, bint packed, bint channels_second=False
) noexcept nogil:
    """STREAM where the output is large, is not copied at once, and has each cell begin on a cache line.

    It is (K, PH, PW, C), or the same memory seen as (K, C, PH, PW).
    """
    cdef Py_ssize_t size = out.shape[0] * out.shape[1] * out.shape[2] * out.shape[3] * sizeof(floating)
    cdef Py_ssize_t other = out.strides[3] if channels_second else out.strides[1]
    if packed or size < LARGE or (<size_t>&out[0, 0, 0, 0] | out.strides[0] | out.strides[2] | other) % 64:
        return WRITE
    return STREAM
