"""Inline geometry shared by the kernels; same names, same order of operations as in ``roikit/reference``.

Cells far off the map are counted in int64_t; once clipped to the map they are indices, in Py_ssize_t.
"""

from libc.math cimport ceil, floor, rint, round
from libc.stdint cimport int64_t

# Channels that share one bin's edges, or one sample's weights. Few, because neighbouring channels lie a whole
# plane apart, often a power of two, and then fall into the same handful of cache lines.
cdef enum:
    BLOCK = 8

cdef enum Rounding:
    FLOOR
    ROUND_HALF_AWAY
    ROUND_HALF_EVEN

cdef enum Split:
    OVERLAP
    DISJOINT
    TRUNCATE

cdef struct Rules:
    # A `roikit.Convention` in C.
    Rounding rounding
    Split split
    bint inclusive
    bint outside_is_zero
    int64_t minimum_size
    double empty_value
    double offset

cdef struct Range:
    # Cells start <= i < end.
    int64_t start
    int64_t end

cdef struct Axis:
    # One axis of a scaled box, in cells.
    double start
    double size

cdef struct Tap:
    # Which cells a point taps on one axis: value = (1 - fraction) * at[low] + fraction * at[high].
    bint inside
    Py_ssize_t low
    Py_ssize_t high
    double fraction


cdef inline Rules read_rules(object convention):
    cdef Rules rules
    if convention.rounding == "floor":
        rules.rounding = FLOOR
    elif convention.rounding == "round_half_even":
        rules.rounding = ROUND_HALF_EVEN
    else:
        rules.rounding = ROUND_HALF_AWAY
    if convention.split == "truncate":
        rules.split = TRUNCATE
    elif convention.split == "disjoint":
        rules.split = DISJOINT
    else:
        rules.split = OVERLAP
    rules.inclusive = convention.ends == "inclusive"
    rules.outside_is_zero = convention.outside == "zero"
    rules.minimum_size = convention.minimum_size
    rules.empty_value = convention.empty_value
    rules.offset = convention.offset
    return rules


# --- quantized pooling -----------------------------------------------------------------------------------

cdef inline int64_t round_end(double end, Rounding rounding) noexcept nogil:
    if rounding == FLOOR:
        return <int64_t>floor(end)
    if rounding == ROUND_HALF_EVEN:
        return <int64_t>rint(end)
    return <int64_t>round(end)


cdef inline Range quantize_axis(
    double start, double end, double spatial_scale, const Rules* rules
) noexcept nogil:
    """The cells that one axis of a box is quantized to."""
    cdef Range cells
    cells.start = round_end(start * spatial_scale - rules.offset, rules.rounding)
    cells.end = round_end(end * spatial_scale - rules.offset, rules.rounding) + rules.inclusive
    cells.end = max(cells.end, cells.start + rules.minimum_size)  # also what makes a reversed box one cell
    return cells


cdef inline Range bin_range(int64_t p, int64_t length, int64_t bins, Split split) noexcept nogil:
    """Bin p of `bins` over `length` cells, half-open, in exact integers."""
    cdef Range edges
    cdef int64_t size
    if split == TRUNCATE:
        size = max(length // bins, 1)
        edges.start, edges.end = min(p * size, length), min((p + 1) * size, length)
    elif split == DISJOINT:
        edges.start, edges.end = p * length // bins, (p + 1) * length // bins
    else:  # overlap: the end rounded up
        edges.start, edges.end = p * length // bins, ((p + 1) * length + bins - 1) // bins
    return edges


cdef inline Range bin_cells(Py_ssize_t p, Range region, Py_ssize_t bins, Split split) noexcept nogil:
    """The cells of bin p of a region; bins are cut from the region as it stands, before the map's border."""
    cdef Range cells = bin_range(p, region.end - region.start, bins, split)
    cells.start += region.start
    cells.end += region.start
    return cells


cdef inline Range clip_range(Range cells, Py_ssize_t length) noexcept nogil:
    """The part of a range that is on a map axis of `length` cells."""
    cells.start = min(max(cells.start, 0), length)
    cells.end = min(max(cells.end, 0), length)
    return cells


# --- sampling --------------------------------------------------------------------------------------------

cdef inline Axis scale_axis(double start, double end, double spatial_scale, bint aligned) noexcept nogil:
    """Start and size, in cells, of one axis of a box."""
    cdef Axis axis
    if aligned:  # a cell's value stands at its centre, so cell i is at i + 0.5
        axis.start = start * spatial_scale - 0.5
        axis.size = end * spatial_scale - 0.5 - axis.start
    else:
        axis.start = start * spatial_scale
        axis.size = max(end * spatial_scale - axis.start, 1.0)
    return axis


cdef inline Py_ssize_t sample_count(double size, Py_ssize_t bins, Py_ssize_t sampling_ratio) noexcept nogil:
    """Sample points a bin along one axis; adaptive, ceil(size / bins), where the ratio is not positive."""
    if sampling_ratio > 0:
        return sampling_ratio
    return max(<Py_ssize_t>ceil(size / bins), 0)


cdef inline double sample_point(
    Axis axis, Py_ssize_t bins, Py_ssize_t count, Py_ssize_t p, Py_ssize_t i
) noexcept nogil:
    """Point i of the `count` points of bin p: the centre of its i-th equal part."""
    cdef double bin_size = axis.size / bins
    return axis.start + p * bin_size + (i + 0.5) * bin_size / count


cdef inline Tap axis_tap(double point, Py_ssize_t length) noexcept nogil:
    """RoIAlign's border rule: a point beyond [-1, length] is outside; any other is clamped to the map."""
    cdef Tap tap
    tap.inside = -1 <= point <= length
    point = min(max(point, 0.0), <double>(length - 1)) if tap.inside else 0.0
    tap.low = <Py_ssize_t>floor(point)
    tap.high = min(tap.low + 1, length - 1)  # the last cell is its own neighbour
    tap.fraction = point - tap.low
    return tap


cdef inline double blend(
    double top_left, double top_right, double bottom_left, double bottom_right, double frac_y, double frac_x
) noexcept nogil:
    """Two linear interpolations along x, then one along y. All four take part, also with weight 0."""
    cdef double top = (1 - frac_x) * top_left + frac_x * top_right
    cdef double bottom = (1 - frac_x) * bottom_left + frac_x * bottom_right
    return (1 - frac_y) * top + frac_y * bottom


cdef inline double larger(double value, double best) noexcept nogil:
    """The new maximum; once NaN, it stays, since no value is > NaN. Only NaN has value != value."""
    # `|`, not `or`: both sides are computed, and the processor has no branch to guess.
    return value if (value > best) | (value != value) else best
