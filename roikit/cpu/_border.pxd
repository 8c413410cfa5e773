"""The sides of a box and the points on them; same names, same order of operations as in
``roikit/reference/border_align.py``."""

from roikit.cpu._geometry cimport Tap, axis_tap

cdef enum:
    SIDES = 4  # top, left, bottom, right

cdef struct Corners:
    # From which corner to which a side is walked, as columns of a box x1, y1, x2, y2.
    Py_ssize_t from_x
    Py_ssize_t from_y
    Py_ssize_t to_x
    Py_ssize_t to_y

cdef struct Side:
    # The same two corners, in cells.
    double from_x
    double from_y
    double to_x
    double to_y


cdef inline Corners corners_of(Py_ssize_t side) noexcept nogil:
    """Top and left go from (x1, y1), bottom and right from (x2, y2)."""
    if side == 0:
        return Corners(0, 1, 2, 1)
    if side == 1:
        return Corners(0, 1, 0, 3)
    if side == 2:
        return Corners(2, 3, 0, 3)
    return Corners(2, 3, 2, 1)


cdef inline Side side_of(
    const double[:, :] rois, Py_ssize_t k, Py_ssize_t side, double spatial_scale
) noexcept nogil:
    cdef Corners at = corners_of(side)
    return Side(
        rois[k, 1 + at.from_x] * spatial_scale, rois[k, 1 + at.from_y] * spatial_scale,
        rois[k, 1 + at.to_x] * spatial_scale, rois[k, 1 + at.to_y] * spatial_scale,
    )


cdef inline double walk(double start, double end, Py_ssize_t i, Py_ssize_t pool_size) noexcept nogil:
    """Point i on the way from the start to the end, both of them exactly."""
    return end if i == pool_size else start + i * ((end - start) / pool_size)


cdef inline Tap row_at(Side side, Py_ssize_t i, Py_ssize_t pool_size, Py_ssize_t H) noexcept nogil:
    """The rows that point i taps."""
    return axis_tap(walk(side.from_y, side.to_y, i, pool_size), H)


cdef inline Tap column_at(Side side, Py_ssize_t i, Py_ssize_t pool_size, Py_ssize_t W) noexcept nogil:
    """The columns that point i taps."""
    return axis_tap(walk(side.from_x, side.to_x, i, pool_size), W)
