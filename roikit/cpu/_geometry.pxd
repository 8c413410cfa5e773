"""Inline geometry shared by the kernels; same names, same order of operations as in ``roikit/reference``.

Cells far off the map are counted in int64_t; once clipped to the map they are indices, in Py_ssize_t.
"""

from libc.math cimport INFINITY, ceil, fabs, floor, rint, round
from libc.stdint cimport int64_t

# Channels that share one bin's edges, or one sample's weights. Few, because neighbouring channels lie a whole
# plane apart, often a power of two, and then fall into the same handful of cache lines.
cdef enum:
    BLOCK = 8

cdef enum Rounding:
    FLOOR
    ROUND_HALF_AWAY
    ROUND_HALF_EVEN
    NO_ROUNDING

cdef enum Split:
    OVERLAP
    DISJOINT
    TRUNCATE
    ABSOLUTE
    SAMPLED

cdef enum Arithmetic:
    EXACT
    FLOAT32
    FLOAT64

cdef struct Rules:
    # A `roikit.Convention` in C.
    Rounding rounding
    Split split
    Arithmetic arithmetic
    bint whole_cells
    bint round_pixels
    bint inclusive
    bint outside_is_zero
    double minimum_size  # -INFINITY: none
    double empty_value
    double offset
    double start_added  # to the start of a box, in pixels
    double end_added

cdef struct Range:
    # Cells start <= i < end.
    int64_t start
    int64_t end

cdef struct Region:
    # One axis of a box, in cells: whole numbers where the convention rounds.
    double start
    double end
    double size

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
    cdef object minimum_size = convention.minimum_size
    if convention.rounding == "floor":
        rules.rounding = FLOOR
    elif convention.rounding == "round_half_even":
        rules.rounding = ROUND_HALF_EVEN
    else:
        rules.rounding = NO_ROUNDING if convention.rounding == "none" else ROUND_HALF_AWAY
    if convention.split == "truncate":
        rules.split = TRUNCATE
    elif convention.split == "disjoint":
        rules.split = DISJOINT
    elif convention.split == "overlap":
        rules.split = OVERLAP
    else:
        rules.split = ABSOLUTE if convention.split == "absolute" else SAMPLED
    if convention.arithmetic == "exact":
        rules.arithmetic = EXACT
    else:
        rules.arithmetic = FLOAT32 if convention.arithmetic == "float32" else FLOAT64
    rules.round_pixels = convention.round_pixels
    rules.whole_cells = rules.rounding != NO_ROUNDING and not rules.round_pixels
    rules.inclusive = convention.ends == "inclusive"
    rules.outside_is_zero = convention.outside == "zero"
    rules.minimum_size = -INFINITY if minimum_size is None else minimum_size
    rules.empty_value = convention.empty_value
    rules.offset = convention.offset
    rules.start_added = convention.pixel_offset
    rules.end_added = rules.start_added + (convention.ends == "inclusive_pixel")
    return rules


# --- regions ---------------------------------------------------------------------------------------------

cdef inline double round_end(double end, Rounding rounding) noexcept nogil:
    if rounding == FLOOR:
        return floor(end)
    if rounding == ROUND_HALF_EVEN:
        return rint(end)
    return round(end)


cdef inline double scale_end(
    double end, double added, double spatial_scale, const Rules* rules
) noexcept nogil:
    """One end of a box in cells, not yet rounded to them; `added` are pixels."""
    cdef float pixels, cells
    if rules.arithmetic == FLOAT32:
        pixels = <float>end
        if rules.round_pixels:
            pixels = <float>round_end(pixels, rules.rounding)
        cells = (pixels + <float>added) * <float>spatial_scale - <float>rules.offset
        if fabs(cells) <= 4398046511104.0:  # 2**42: no region has its end further out
            return cells
    if rules.round_pixels:
        end = round_end(end, rules.rounding)
    return (end + added) * spatial_scale - rules.offset


cdef inline Region quantize_axis(
    double start, double end, double spatial_scale, const Rules* rules
) noexcept nogil:
    """One axis of a box, in cells: whole numbers where the convention rounds."""
    cdef Region region
    region.start = scale_end(start, rules.start_added, spatial_scale, rules)
    region.end = scale_end(end, rules.end_added, spatial_scale, rules)
    if rules.whole_cells:
        region.start = round_end(region.start, rules.rounding)
        region.end = round_end(region.end, rules.rounding) + rules.inclusive
    region.size = region.end - region.start
    if region.size < rules.minimum_size:
        region.size = rules.minimum_size  # also what makes a reversed box one cell
        region.end = region.start + region.size
    return region


# --- quantized pooling -----------------------------------------------------------------------------------

cdef inline Range bin_range(int64_t p, int64_t length, int64_t bins, const Rules* rules) noexcept nogil:
    """Bin p of `bins` over `length` cells, half-open, in exact integers unless a float is asked for."""
    cdef Range edges
    cdef int64_t size
    cdef double wide
    cdef float narrow
    if rules.split == TRUNCATE:
        size = max(length // bins, 1)
        edges.start, edges.end = min(p * size, length), min((p + 1) * size, length)
    elif rules.split == DISJOINT:
        edges.start, edges.end = p * length // bins, (p + 1) * length // bins
    elif rules.arithmetic == EXACT:  # overlap: the end rounded up
        edges.start, edges.end = p * length // bins, ((p + 1) * length + bins - 1) // bins
    elif rules.arithmetic == FLOAT32:
        narrow = <float>length / <float>bins
        edges.start, edges.end = first_cell(<float>p * narrow), cell_after(<float>(p + 1) * narrow)
    else:
        wide = <double>length / <double>bins
        edges.start, edges.end = first_cell(<double>p * wide), cell_after(<double>(p + 1) * wide)
    return edges


cdef inline Range absolute_range(
    int64_t p, Region region, int64_t bins, Arithmetic arithmetic
) noexcept nogil:
    """The cells that bin p of `bins` touches, of a region with real ends."""
    cdef Range cells
    cdef double low, high, wide
    cdef float narrow
    if not region.size > 0:
        cells.start = cells.end = first_cell(region.start)
        return cells
    if arithmetic == EXACT:
        low = region.start + <double>p * region.size / <double>bins
        high = region.end if p + 1 == bins else region.start + <double>(p + 1) * region.size / <double>bins
    elif arithmetic == FLOAT32:
        narrow = <float>region.size / <float>bins
        low = <float>p * narrow + <float>region.start
        high = <float>(p + 1) * narrow + <float>region.start
    else:
        wide = region.size / <double>bins
        low = <double>p * wide + region.start
        high = <double>(p + 1) * wide + region.start
    cells.start = first_cell(low)
    cells.end = max(cell_after(high), cells.start)
    return cells


cdef inline int64_t first_cell(double point) noexcept nogil:
    return <int64_t>floor(point)


cdef inline int64_t cell_after(double point) noexcept nogil:
    return <int64_t>ceil(point)


cdef inline Range bin_cells(Py_ssize_t p, Region region, Py_ssize_t bins, const Rules* rules) noexcept nogil:
    """The cells of bin p of a region; cut from it as it stands, before the map's border."""
    cdef Range cells
    if rules.split == ABSOLUTE:
        return absolute_range(p, region, bins, rules.arithmetic)
    cells = bin_range(p, <int64_t>max(region.size, 0.0), bins, rules)
    cells.start += <int64_t>region.start
    cells.end += <int64_t>region.start
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
