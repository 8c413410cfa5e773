"""What kernels of maxima of samples share: what a sample is, which is the largest, and to what it gives.

As in ``reference/_maxima.py``.
"""

from cython cimport floating

from roikit.cpu._geometry cimport Axis, Tap, axis_tap, blend, larger, sample_point
from roikit.cpu._moves cimport Gradient, Sample, Span, add_slope, sample
from roikit.cpu._samples cimport Slopes, slopes, spread

cdef enum Mode:
    MAX
    AVERAGE
    MAX_CORNERS  # of the samples' weighted neighbours, one by one

cdef struct Values:
    # What becomes of a bin's samples; of none, and of one off the map in a maximum, the empty value.
    Mode mode
    double empty_value

cdef struct Largest:
    # The largest sample of a bin, and what it taps.
    bint inside  # else it lies off the map, or there is none
    Py_ssize_t iy
    Py_ssize_t ix
    Tap row
    Tap column

cdef struct Corner:
    # One neighbour of a sample: its weight is part_y * part_x, and these rise by 1, or -1, a cell.
    Py_ssize_t y
    Py_ssize_t x
    double part_y
    double part_x
    double rise_y
    double rise_x


cdef inline Values read_values(str mode, double empty_value):
    return Values(AVERAGE if mode == "avg" else MAX_CORNERS if mode == "max_corners" else MAX, empty_value)


cdef inline Span spaced(Axis axis, Py_ssize_t bins, Py_ssize_t count) noexcept nogil:
    """One axis of one box, of which only the points matter, and not how they move."""
    cdef Span along
    along.axis, along.bins, along.count, along.one_cell = axis, bins, count, False
    return along


cdef inline double read_sample(
    double top_left, double top_right, double bottom_left, double bottom_right, double frac_y, double frac_x,
    Mode mode,
) noexcept nogil:
    """What one sample is: its four neighbours blended, or the largest of them by its weight."""
    cdef double best
    if mode != MAX_CORNERS:
        return blend(top_left, top_right, bottom_left, bottom_right, frac_y, frac_x)
    best = (1 - frac_y) * (1 - frac_x) * top_left
    best = larger((1 - frac_y) * frac_x * top_right, best)
    best = larger(frac_y * (1 - frac_x) * bottom_left, best)
    return larger(frac_y * frac_x * bottom_right, best)


cdef inline double bin_value(
    double result, Py_ssize_t count_y, Py_ssize_t count_x, bint any_outside, const Values* how
) noexcept nogil:
    """A bin's value, from the sum or maximum of those samples that lie on the map."""
    if count_y == 0 or count_x == 0:  # an empty box, sampled adaptively
        result = how.empty_value
    elif how.mode == AVERAGE:
        result = result / (<double>count_y * count_x)  # samples outside the map stay in the divisor
    elif any_outside:
        result = larger(how.empty_value, result)
    return result + 0.0  # 0.0 has no sign


cdef inline bint is_larger(double value, double best) noexcept nogil:
    """Whether it takes the place of one before it: the first of equals stays, and the first NaN."""
    return value > best or (value != value and best == best)


cdef inline Largest largest_sample(
    const floating[:, :, :, :] features, Py_ssize_t n, Py_ssize_t channel, const Span* rows,
    const Span* columns, Py_ssize_t ph, Py_ssize_t pw, const Values* how,
) noexcept nogil:
    """The first of several equals in row-major order, or the first NaN."""
    cdef Largest found
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], iy, ix
    cdef Tap row, column
    cdef double value, best = 0
    cdef bint inside, first = True
    found.inside = False
    for iy in range(rows.count):
        row = axis_tap(sample_point(rows.axis, rows.bins, rows.count, ph, iy), H)
        if not row.inside:  # all its samples are alike
            if first or is_larger(how.empty_value, best):
                first, best = False, how.empty_value
                found.inside = False
            continue
        for ix in range(columns.count):
            column = axis_tap(sample_point(columns.axis, columns.bins, columns.count, pw, ix), W)
            inside = column.inside
            value = how.empty_value
            if inside:
                value = read_sample(
                    features[n, channel, row.low, column.low], features[n, channel, row.low, column.high],
                    features[n, channel, row.high, column.low], features[n, channel, row.high, column.high],
                    row.fraction, column.fraction, how.mode,
                )
            if first or is_larger(value, best):
                first, best = False, value
                found.inside, found.iy, found.ix = inside, iy, ix
                found.row, found.column = row, column
    return found


cdef inline Corner corner(Tap row, Tap column, bint below, bint right) noexcept nogil:
    cdef Corner found
    found.y, found.x = row.high if below else row.low, column.high if right else column.low
    found.part_y = row.fraction if below else 1 - row.fraction
    found.part_x = column.fraction if right else 1 - column.fraction
    found.rise_y, found.rise_x = 1 if below else -1, 1 if right else -1
    return found


cdef inline Corner largest_corner(
    const floating[:, :, :, :] features, Py_ssize_t n, Py_ssize_t channel, Tap row, Tap column
) noexcept nogil:
    """The first of several equals from top left to bottom right, or the first NaN."""
    cdef Corner found = corner(row, column, False, False), each
    cdef double best = found.part_y * found.part_x * features[n, channel, found.y, found.x], value
    cdef Py_ssize_t i
    for i in range(1, 4):
        each = corner(row, column, i // 2, i % 2)
        value = each.part_y * each.part_x * features[n, channel, each.y, each.x]
        if is_larger(value, best):
            best, found = value, each
    return found


# --- gradients --------------------------------------------------------------------------------------------

cdef inline void spread_largest(
    double[:, :, ::1] total, Py_ssize_t c, const floating[:, :, :, :] features, Py_ssize_t n,
    Py_ssize_t channel, const Span* rows, const Span* columns, Py_ssize_t ph, Py_ssize_t pw,
    const Values* how, double share,
) noexcept nogil:
    """Give all of a bin's gradient to its largest sample, or to the share of one neighbour of it."""
    cdef Largest found = largest_sample(features, n, channel, rows, columns, ph, pw, how)
    cdef Corner at
    if not found.inside:
        return
    if how.mode == MAX:
        spread(total, c, found.row, found.column, share)
    else:
        at = largest_corner(features, n, channel, found.row, found.column)
        total[c, at.y, at.x] += at.part_y * at.part_x * share


cdef inline void add_largest(
    Gradient* total, double grad, const floating[:, :, :, :] features, Py_ssize_t n, Py_ssize_t channel,
    const Span* rows, const Span* columns, Py_ssize_t ph, Py_ssize_t pw, const Values* how,
) noexcept nogil:
    """What the slope of the map at a bin's largest sample, or of one neighbour's weight, adds."""
    cdef Largest found = largest_sample(features, n, channel, rows, columns, ph, pw, how)
    cdef Tap row = found.row, column = found.column
    cdef Sample y, x
    cdef Slopes by
    cdef Corner at
    cdef double value
    if not found.inside:
        return
    if how.mode == MAX:
        by = slopes(
            features[n, channel, row.low, column.low], features[n, channel, row.low, column.high],
            features[n, channel, row.high, column.low], features[n, channel, row.high, column.high],
            row.fraction, column.fraction,
        )
    else:
        at = largest_corner(features, n, channel, row, column)
        value = features[n, channel, at.y, at.x]
        by = Slopes(at.rise_y * at.part_x * value, at.rise_x * at.part_y * value)
    y = sample(rows[0], ph, found.iy, features.shape[2])
    x = sample(columns[0], pw, found.ix, features.shape[3])
    add_slope(total, grad * by.by_y if y.moving else 0, grad * by.by_x if x.moving else 0, &y, &x)
