"""How the samples of a box move when its ends do: what gradients of RoIAlign by the boxes share."""

from roikit.cpu._geometry cimport Axis, Tap, axis_tap, sample_count, sample_point, scale_axis

cdef struct Span:
    # One axis of one box, and how it is sampled.
    Axis axis
    Py_ssize_t bins
    Py_ssize_t count
    bint one_cell  # whether `scale_axis` gave it another size than it has

cdef struct Sample:
    # A point of one axis, and how far it moves when the box's start, or its end, moves by one cell.
    Tap tap
    bint moving  # one that is clamped to the map reads the same cell
    double of_start
    double of_end

cdef struct Gradient:
    double by_x1
    double by_y1
    double by_x2
    double by_y2


cdef inline Span span(
    double start, double end, double spatial_scale, bint aligned, Py_ssize_t bins, Py_ssize_t ratio
) noexcept nogil:
    cdef Span found
    found.axis = scale_axis(start, end, spatial_scale, aligned)
    found.bins = bins
    found.count = sample_count(found.axis.size, bins, ratio)
    found.one_cell = not aligned and end * spatial_scale - start * spatial_scale < 1
    return found


cdef inline Sample sample(Span along, Py_ssize_t p, Py_ssize_t i, Py_ssize_t length) noexcept nogil:
    """Point i of bin p: at the part t of the box it lies at (1 - t) * start + t * end."""
    cdef Sample found
    cdef double point = sample_point(along.axis, along.bins, along.count, p, i)
    cdef double t = (p + (i + 0.5) / along.count) / along.bins
    found.tap = axis_tap(point, length)
    found.moving = 0 <= point < length - 1
    found.of_start = 1 if along.one_cell else 1 - t
    found.of_end = 0 if along.one_cell else t
    return found


cdef inline void add_slope(
    Gradient* total, double by_y, double by_x, const Sample* y, const Sample* x
) noexcept nogil:
    """What the slope of the map at one sample adds."""
    total.by_x1 += by_x * x.of_start
    total.by_y1 += by_y * y.of_start
    total.by_x2 += by_x * x.of_end
    total.by_y2 += by_y * y.of_end
