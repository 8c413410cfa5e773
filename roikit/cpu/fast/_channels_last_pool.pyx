"""RoI max pooling and its gradient on maps with the channels last (NHWC), by the passes of channels.h."""

from cython cimport floating
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport free, malloc

from roikit.cpu._geometry cimport Range, Region, Rules, bin_cells, clip_range, quantize_axis, read_rules
from roikit.cpu.fast._channels cimport Cells, ChannelPasses, cells_at, channel_passes
from roikit.cpu.fast._writing cimport end_stream, how_to_write

ctypedef fused index:
    int32_t
    int64_t


def roi_pool(
    const floating[:, :, :] map, const double[:, :] rois, const Py_ssize_t[:] order,
    floating[:, :, :, :] out, index[:, :, :, :] argmax, double spatial_scale, convention,
    uint8_t[:, :] wild, bint packed, int level,
):
    """The maxima of the RoIs `order` into out[k], or packed into out[i], each (PH, PW, C).

    `argmax` has the rows of `out`, or is None. wild[i, 0] = 1 where a bin has a NaN: no
    number of the RoI counts then.
    """
    cdef Py_ssize_t C = map.shape[2], PH = out.shape[1], PW = out.shape[2], i, at, ph, pw
    cdef const ChannelPasses *passes = channel_passes(level, sizeof(floating) == sizeof(double))
    cdef Rules rules = read_rules(convention)
    cdef Region region_rows, region_columns
    cdef Range rows, columns
    cdef int32_t *where = NULL
    cdef index *its = NULL
    cdef int how = how_to_write(out, packed)
    if argmax is not None:
        where = <int32_t *>malloc((C + 1) * sizeof(int32_t))
        if where == NULL:
            raise MemoryError
    with nogil:
        for i in range(order.shape[0]):
            at = i if packed else order[i]
            wild[i, 0] = 0
            region_rows = quantize_axis(rois[order[i], 2], rois[order[i], 4], spatial_scale, &rules)
            region_columns = quantize_axis(rois[order[i], 1], rois[order[i], 3], spatial_scale, &rules)
            for ph in range(PH):
                rows = bin_cells(ph, region_rows, PH, &rules)
                for pw in range(PW):
                    columns = bin_cells(pw, region_columns, PW, &rules)
                    if where != NULL:
                        its = &argmax[at, ph, pw, 0]
                    wild[i, 0] |= pool_bin(
                        passes, map, rows, columns, &rules, &out[at, ph, pw, 0], where, its, how
                    )
    end_stream()
    free(where)


cdef inline bint pool_bin(
    const ChannelPasses *passes, const floating[:, :, :] map, Range rows, Range columns, const Rules *rules,
    floating *out, int32_t *where, index *argmax, int how,
) noexcept nogil:
    """One bin of all channels, by the rules of `roikit/cpu/_roi_pool.pyx`; whether there is a NaN in it."""
    cdef Py_ssize_t C = map.shape[2], W = map.shape[1], c
    cdef Range y = clip_range(rows, map.shape[0]), x = clip_range(columns, W)
    cdef double cells = <double>(y.end - y.start) * (x.end - x.start), off_map = 0
    cdef index first
    cdef Cells window
    cdef bint nan
    if rules.outside_is_zero:
        off_map = <double>(rows.end - rows.start) * <double>(columns.end - columns.start) - cells
    if cells == 0:
        for c in range(C):
            out[c] = <floating>(0 if off_map else rules.empty_value)
            if where != NULL:
                argmax[c] = -1
        return False
    window = cells_at(&map[y.start, x.start, 0], map.strides[0], map.strides[1])
    nan = passes.maxima(&window, y.end - y.start, x.end - x.start, C, out, where, <int32_t>W, how) != 0
    if where != NULL:
        first = <index>(y.start * W + x.start)
        for c in range(C):
            argmax[c] = first + where[c]
    if off_map:
        for c in range(C):
            if out[c] < 0:
                out[c] = 0
                if where != NULL:
                    argmax[c] = -1
    return nan


def pool_backward(
    const floating[:, :, :, :] grad, const index[:, :, :, :] argmax, const Py_ssize_t[:] order,
    floating[:, :, :] map, bint packed,
):
    """Add each bin of the RoIs `order`, grad[k] or packed grad[i], to the cell that argmax[k] names.

    What names no cell is left out; the answer is whether any such was met but -1, which stands for none.
    """
    cdef Py_ssize_t W = map.shape[1], i, at, ph, pw
    cdef Py_ssize_t column = map.strides[1] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t gap = map.strides[0] // <Py_ssize_t>sizeof(floating) - W * column  # after a row
    cdef bint astray = False
    with nogil:
        for i in range(order.shape[0]):
            at = i if packed else order[i]
            for ph in range(grad.shape[1]):
                for pw in range(grad.shape[2]):
                    astray |= add_bin(
                        &grad[at, ph, pw, 0], &argmax[order[i], ph, pw, 0],
                        argmax.strides[3] // <Py_ssize_t>sizeof(index), grad.shape[3], &map[0, 0, 0],
                        map.shape[0] * W, column, W, gap,
                    )
    return astray


cdef inline bint add_bin(
    const floating *grad, const index *argmax, Py_ssize_t step, Py_ssize_t C, floating *map, size_t cells,
    Py_ssize_t column, Py_ssize_t W, Py_ssize_t gap,
) noexcept nogil:
    cdef Py_ssize_t c
    cdef index cell
    cdef bint astray = False
    for c in range(C):
        cell = argmax[c * step]  # read once: another thread may write to it meanwhile
        if <size_t>cell < cells:  # what is negative is far above
            map[cell * column + c + (cell // W * gap if gap else 0)] += grad[c]
        else:
            astray |= cell != -1
    return astray
