"""One sample of a map between its cells: what it gives back, and how the map rises there."""

from cython cimport floating

from roikit.cpu._geometry cimport Tap

cdef struct Slopes:
    double by_y
    double by_x


# --- the gradient by the map -----------------------------------------------------------------------------

cdef inline void spread(
    double[:, :, ::1] total, Py_ssize_t c, Tap row, Tap column, double value
) noexcept nogil:
    """Add the value to the four neighbours of one point, each by its weight: `blend` backwards."""
    cdef double top = (1 - row.fraction) * value, bottom = row.fraction * value
    total[c, row.low, column.low] += (1 - column.fraction) * top
    total[c, row.low, column.high] += column.fraction * top
    total[c, row.high, column.low] += (1 - column.fraction) * bottom
    total[c, row.high, column.high] += column.fraction * bottom


cdef inline void write(
    double[:, :, ::1] total, floating[:, :, :, :] out, Py_ssize_t n, Py_ssize_t first, Py_ssize_t end
) noexcept nogil:
    cdef Py_ssize_t c, y, x
    for c in range(first, end):
        for y in range(out.shape[2]):
            for x in range(out.shape[3]):
                out[n, c, y, x] = <floating>total[c - first, y, x]


# --- the gradient by the point ---------------------------------------------------------------------------

cdef inline Slopes slopes(
    double top_left, double top_right, double bottom_left, double bottom_right, double frac_y, double frac_x
) noexcept nogil:
    """The derivatives of `blend` by y and by x."""
    cdef double top = (1 - frac_x) * top_left + frac_x * top_right
    cdef double bottom = (1 - frac_x) * bottom_left + frac_x * bottom_right
    return Slopes(
        bottom - top, (1 - frac_y) * (top_right - top_left) + frac_y * (bottom_right - bottom_left)
    )
