"""Shifted bins; same names, same order of operations as in ``roikit/reference/deform_roi_pool.py``."""

from roikit.cpu._geometry cimport Axis, sample_count, sample_point, scale_axis

cdef struct Side:
    # One axis of a box in cells, and how its bins are sampled.
    Axis axis
    Py_ssize_t bins
    Py_ssize_t count


cdef inline Side side(
    double start, double end, double spatial_scale, Py_ssize_t bins, Py_ssize_t ratio
) noexcept nogil:
    cdef Side found
    found.axis = scale_axis(start, end, spatial_scale, True)
    found.bins = bins
    found.count = sample_count(found.axis.size, bins, ratio)
    return found


cdef inline double shifted_point(
    Side along, Py_ssize_t p, Py_ssize_t i, double gamma, double offset
) noexcept nogil:
    """Point i of bin p, all of whose points are shifted by a part of the box's size."""
    cdef Axis shifted = Axis(along.axis.start + gamma * along.axis.size * offset, along.axis.size)
    return sample_point(shifted, along.bins, along.count, p, i)


cdef inline double part_of_end(
    Side along, Py_ssize_t p, Py_ssize_t i, double gamma, double offset
) noexcept nogil:
    """How far point i of bin p moves when the box's end moves by one cell; the start moves it by the rest."""
    return (p + (i + 0.5) / along.count) / along.bins + gamma * offset
