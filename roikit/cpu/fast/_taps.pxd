"""Which cells an axis of a RoI taps, as a sparse matrix: out[i] = sum over t of weight[t] * in[cell[t]]."""

from libc.stdint cimport int32_t

from roikit.cpu._geometry cimport Axis


cdef class Taps:
    """The taps of output i are start[i] <= t < start[i + 1]; the arrays grow, and serve axis after axis."""

    cdef Py_ssize_t outputs  # bins, or samples, or (transposed) cells
    cdef Py_ssize_t depth  # the most taps of one output
    cdef Py_ssize_t first, length  # the window: all cells that are tapped, and those between them
    cdef int32_t *start
    cdef int32_t *cell  # counted from `first`
    cdef double *weight
    cdef Py_ssize_t room_starts, room_taps

    cdef int make_room(self, Py_ssize_t outputs, Py_ssize_t taps) except -1
    cdef int average(self, Axis axis, Py_ssize_t bins, Py_ssize_t count, Py_ssize_t cells) except -1
    cdef int samples(self, Axis axis, Py_ssize_t bins, Py_ssize_t count, Py_ssize_t cells) except -1
    cdef int transpose(self, Taps taps) except -1
    cdef void close(self) noexcept
