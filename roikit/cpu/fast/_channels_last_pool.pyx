"""RoI max pooling and its gradient on maps with the channels last (NHWC), by the passes of channels.h."""

from cython cimport floating
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport free, malloc

from roikit.cpu._geometry cimport Range, Rules, bin_cells, clip_range, quantize_axis, read_rules
from roikit.cpu.fast._channels cimport Cells, ChannelPasses, cells_at, channel_passes

ctypedef fused index:
    int32_t
    int64_t


def roi_pool(
    const floating[:, :, :] map, const double[:, :] rois, const Py_ssize_t[:] order,
    floating[:, :, :, :] out, index[:, :, :, :] argmax, double spatial_scale, convention,
    uint8_t[:, :] wild, bint packed, int level,
):
    """The maxima of the RoIs `order` into out[k], or packed into out[i], each (PH, PW, C).

    `argmax` has the rows of `out`, or is None. wild[i, 0] = 1 where nothing was computed.
    """
    cdef Py_ssize_t C = map.shape[2], PH = out.shape[1], PW = out.shape[2], i, k, at, ph, pw, c
    cdef const ChannelPasses *passes = channel_passes(level, sizeof(floating) == sizeof(double))
    cdef Rules rules = read_rules(convention)
    cdef Cells part = cells_at(&map[0, 0, 0], map.strides[0], map.strides[1])
    cdef Range region_rows, region_columns, rows, columns
    cdef int32_t *where = NULL
    if argmax is not None:
        where = <int32_t *>malloc(C * sizeof(int32_t))
        if where == NULL:
            raise MemoryError
    with nogil:
        for i in range(order.shape[0]):
            k = order[i]
            at = i if packed else k
            region_rows = quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, &rules)
            region_columns = quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, &rules)
            wild[i, 0] = any_wild(
                passes, map, &part, clip_range(region_rows, map.shape[0]),
                clip_range(region_columns, map.shape[1]),
            )
            if wild[i, 0]:
                continue
            for ph in range(PH):
                rows = bin_cells(ph, region_rows, PH, rules.split)
                for pw in range(PW):
                    columns = bin_cells(pw, region_columns, PW, rules.split)
                    pool_bin(passes, map, rows, columns, &rules, &out[at, ph, pw, 0], where)
                    if where != NULL:
                        for c in range(C):
                            argmax[at, ph, pw, c] = where[c]
    free(where)


cdef inline bint any_wild(
    const ChannelPasses *passes, const floating[:, :, :] map, const Cells *part, Range rows, Range columns
) noexcept nogil:
    cdef Cells window = part[0]
    window.first = <floating *>part.first + rows.start * part.row + columns.start * part.column
    return passes.any_wild(&window, rows.end - rows.start, columns.end - columns.start, map.shape[2])


cdef inline void pool_bin(
    const ChannelPasses *passes, const floating[:, :, :] map, Range rows, Range columns, const Rules *rules,
    floating *out, int32_t *where,
) noexcept nogil:
    """One bin of all channels: the plain kernel's rules, see `roikit/cpu/_roi_pool.pyx`."""
    cdef Py_ssize_t C = map.shape[2], c
    cdef Range y = clip_range(rows, map.shape[0]), x = clip_range(columns, map.shape[1])
    cdef double cells = <double>(y.end - y.start) * (x.end - x.start), off_map = 0
    cdef Cells window
    cdef floating value
    if rules.outside_is_zero:
        off_map = <double>(rows.end - rows.start) * <double>(columns.end - columns.start) - cells
    if cells == 0:
        value = <floating>(0 if off_map else rules.empty_value)
        for c in range(C):
            out[c] = value
            if where != NULL:
                where[c] = -1
        return
    window = cells_at(&map[y.start, x.start, 0], map.strides[0], map.strides[1])
    passes.maxima(
        &window, y.end - y.start, x.end - x.start, C, out, where,
        <int32_t>(y.start * map.shape[1] + x.start), <int32_t>map.shape[1],
    )
    if off_map:
        for c in range(C):
            if out[c] < 0:
                out[c] = 0
                if where != NULL:
                    where[c] = -1


def pool_backward(
    const floating[:, :, :, :] grad, const index[:, :, :, :] argmax, const Py_ssize_t[:] order,
    floating[:, :, :] map, bint packed,
):
    """Add each bin of the RoIs `order`, grad[k] or packed grad[i], to the cell that argmax[k] names.

    What names no cell is left out; the answer is whether any such was met but -1, which stands for none.
    """
    cdef Py_ssize_t W = map.shape[1], cells = map.shape[0] * W, i, k, at, ph, pw, c
    cdef int64_t cell
    cdef bint astray = False
    with nogil:
        for i in range(order.shape[0]):
            k = order[i]
            at = i if packed else k
            for ph in range(grad.shape[1]):
                for pw in range(grad.shape[2]):
                    for c in range(grad.shape[3]):
                        cell = argmax[k, ph, pw, c]  # read once: another thread may write to it meanwhile
                        if 0 <= cell < cells:
                            map[cell // W, cell % W, c] += grad[at, ph, pw, c]
                        elif cell != -1:
                            astray = True
    return astray
