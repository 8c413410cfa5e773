"""What position-sensitive kernels share: channels and cells of a bin, as in ``reference/ps_roi_pool.py``."""

from cython cimport floating
from libc.math cimport isnan

from roikit.cpu._geometry cimport Range, Rules, clip_range

cdef struct Groups:
    # Bins and groups of channels, along y and x; a channel of the output has `count` of the map.
    Py_ssize_t PH
    Py_ssize_t PW
    Py_ssize_t GH
    Py_ssize_t GW
    Py_ssize_t count


cdef inline Groups read_groups(Py_ssize_t PH, Py_ssize_t PW, object group_size):
    cdef Groups groups = Groups(PH, PW, group_size[0], group_size[1], 0)
    groups.count = groups.GH * groups.GW
    return groups


cdef inline Py_ssize_t group_row(const Groups* groups, Py_ssize_t ph) noexcept nogil:
    return ph * groups.GH // groups.PH


cdef inline Py_ssize_t group_column(const Groups* groups, Py_ssize_t pw) noexcept nogil:
    return pw * groups.GW // groups.PW


cdef inline Py_ssize_t group_of_bin(const Groups* groups, Py_ssize_t ph, Py_ssize_t pw) noexcept nogil:
    """Channel c of the output reads ``c * groups.count`` + this of the map."""
    return group_row(groups, ph) * groups.GW + group_column(groups, pw)


cdef struct Cells:
    # Those of one bin that are on the map; `count` is what its average divides by.
    Py_ssize_t y_start
    Py_ssize_t y_end
    Py_ssize_t x_start
    Py_ssize_t x_end
    double count


cdef inline Cells cells_on_map(
    Range rows, Range columns, Py_ssize_t H, Py_ssize_t W, const Rules* rules
) noexcept nogil:
    cdef Range y = clip_range(rows, H), x = clip_range(columns, W)
    cdef Cells cells = Cells(y.start, y.end, x.start, x.end, <double>(y.end - y.start) * (x.end - x.start))
    if rules.outside_is_zero:  # cells off the map take part as 0
        cells.count += (
            <double>(rows.end - rows.start) * <double>(columns.end - columns.start) - cells.count
        )
    return cells


cdef inline bint find_maximum(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t channel, const Cells* cells,
    Py_ssize_t* row, Py_ssize_t* column,
) noexcept nogil:
    """The cell of a bin's maximum, as `roi_pool` finds it; False where the maximum is that of no cell."""
    cdef double on_map = <double>(cells.y_end - cells.y_start) * (cells.x_end - cells.x_start)
    cdef Py_ssize_t y, x
    cdef floating best, cell
    if on_map == 0:
        return False
    row[0], column[0] = cells.y_start, cells.x_start
    best = features[b, channel, cells.y_start, cells.x_start]
    # the first maximum in row-major order, or the first NaN
    for y in range(cells.y_start, cells.y_end):
        for x in range(cells.x_start, cells.x_end):
            cell = features[b, channel, y, x]
            if cell > best or (isnan(cell) and not isnan(best)):
                best = cell
                row[0], column[0] = y, x
    return not (cells.count > on_map and best < 0)  # else a 0 off the map is the maximum
