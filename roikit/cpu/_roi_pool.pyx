"""RoI pooling: quantize the box, cut it into bins, take the maximum (or the average) of each bin's cells."""

from cython cimport floating
from libc.math cimport NAN, isnan
from libc.stdint cimport int64_t

from roikit.cpu._geometry cimport (
    BLOCK, Range, Region, Rules, bin_cells, clip_range, quantize_axis, read_rules,
)


def roi_pool(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    int64_t[:, :, :, :] argmax, double spatial_scale, convention, str mode,
):
    """out[k, c, ph, pw] = maximum or average of channel c over a bin of rois[k]; argmax may be None."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t k, block, c, ph, pw
    cdef Rules rules = read_rules(convention)
    cdef bint average = mode == "avg", with_argmax = argmax is not None
    cdef Region region_rows, region_columns
    cdef Range rows, columns
    cdef int64_t index
    with nogil:
        for k in range(K):
            region_rows = quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, &rules)
            region_columns = quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, &rules)
            for block in range((C + BLOCK - 1) // BLOCK):  # its channels share the bins' edges
                for ph in range(PH):
                    rows = bin_cells(ph, region_rows, PH, &rules)
                    for pw in range(PW):
                        columns = bin_cells(pw, region_columns, PW, &rules)
                        for c in range(block * BLOCK, min((block + 1) * BLOCK, C)):
                            index = pool_bin(
                                features, <Py_ssize_t>rois[k, 0], c, rows, columns, &rules, average,
                                with_argmax, &out[k, c, ph, pw],
                            )
                            if with_argmax:
                                argmax[k, c, ph, pw] = index


cdef inline int64_t pool_bin(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t c, Range rows, Range columns,
    const Rules* rules, bint average, bint with_argmax, floating* value,
) noexcept nogil:
    """Value of one bin on one channel, and its argmax (flat y * W + x, or -1) where that is asked for."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Range on_map_rows = clip_range(rows, H), on_map_columns = clip_range(columns, W)
    cdef Py_ssize_t y_start = on_map_rows.start, y_end = on_map_rows.end
    cdef Py_ssize_t x_start = on_map_columns.start, x_end = on_map_columns.end
    cdef Py_ssize_t y, x
    cdef double cells = <double>(y_end - y_start) * (x_end - x_start)
    cdef double off_map = 0, total = 0  # how many cells off the map take part as 0
    cdef floating best, cell
    cdef bint any_nan = False
    if rules.outside_is_zero:
        off_map = <double>(rows.end - rows.start) * <double>(columns.end - columns.start) - cells

    if cells + off_map == 0:
        value[0] = <floating>rules.empty_value
        return -1
    if average:
        for y in range(y_start, y_end):
            for x in range(x_start, x_end):
                total += features[b, c, y, x]
        value[0] = <floating>(total / (cells + off_map))
        return -1
    if cells == 0:
        value[0] = 0
        return -1

    best = features[b, c, y_start, x_start]
    for y in range(y_start, y_end):
        for x in range(x_start, x_end):
            cell = features[b, c, y, x]
            best = cell if cell > best else best  # skips NaN: that is dealt with below
            any_nan |= cell != cell  # true of NaN alone
    if any_nan:
        best = NAN
    if off_map and best < 0:
        value[0] = 0
        return -1
    value[0] = best
    if not with_argmax:
        return -1
    # the first maximum in row-major order, or the first NaN
    for y in range(y_start, y_end):
        for x in range(x_start, x_end):
            cell = features[b, c, y, x]
            if cell == best or isnan(cell):
                return y * W + x
    return -1  # another thread has written to the map meanwhile
