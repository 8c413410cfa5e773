"""The grid of crop_and_resize; same names, same order of operations as in ``roikit/reference``."""

from roikit.cpu._geometry cimport Tap, axis_tap

cdef struct Grid:
    # One axis of a box, and its points.
    double start
    double end
    double extent  # how many cells a coordinate of 1 stands for
    Py_ssize_t count

cdef struct Moves:
    # How many cells a point moves when the box's start, or its end, moves by 1.
    double of_start
    double of_end


cdef inline Grid crop_grid(
    double start, double end, Py_ssize_t count, Py_ssize_t length, bint in_cells
) noexcept nogil:
    return Grid(start, end, 1 if in_cells else length - 1, count)


cdef inline double crop_point(Grid grid, Py_ssize_t p) noexcept nogil:
    """Point p of the grid, in cells: weighted from both ends, or the middle of them."""
    if grid.count == 1:
        return 0.5 * (grid.start + grid.end) * grid.extent
    cdef Py_ssize_t steps = grid.count - 1
    return ((steps - p) * grid.start + p * grid.end) * grid.extent / steps


cdef inline Tap crop_tap(Grid grid, Py_ssize_t p, Py_ssize_t length) noexcept nogil:
    """Which cells point p taps; unlike RoIAlign's, a point off the map is never clamped to it."""
    cdef double point = crop_point(grid, p)
    cdef Tap tap = axis_tap(point, length)
    tap.inside = 0 <= point <= length - 1
    return tap


cdef inline Py_ssize_t nearest(Tap tap) noexcept nogil:
    """The nearest cell; of two as near the further one from 0."""
    return tap.low if tap.fraction < 0.5 else tap.high


cdef inline Moves moves(Grid grid, Py_ssize_t p) noexcept nogil:
    if grid.count == 1:
        return Moves(0.5 * grid.extent, 0.5 * grid.extent)
    cdef Py_ssize_t steps = grid.count - 1
    return Moves((steps - p) * grid.extent / steps, p * grid.extent / steps)


cdef inline Tap slope_tap(Grid grid, Py_ssize_t p, Py_ssize_t length) noexcept nogil:
    """The cells between which a point feels the slope: on a cell those towards the next one, and on the last
    cell, next to which is nothing, those from the one before."""
    cdef Tap tap = crop_tap(grid, p, length)
    cdef Py_ssize_t low = min(tap.low, max(length - 2, 0))
    tap.fraction += tap.low - low
    tap.low = low
    return tap
