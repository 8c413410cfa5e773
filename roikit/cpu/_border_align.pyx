"""Border align: the maximum of a map along each side of a box, one group of channels for each side."""

from cython cimport floating
from libc.stdint cimport int64_t

from roikit.cpu._border cimport SIDES, Side, column_at, row_at, side_of
from roikit.cpu._geometry cimport BLOCK, Tap, blend

cdef struct Best:
    double value
    Py_ssize_t point


def border_align(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :] out,
    int64_t[:, :, :] argmax, double spatial_scale, Py_ssize_t pool_size,
):
    """out[k, c, side] = the maximum of channel side * C + c at the points of a side; argmax may be None."""
    cdef Py_ssize_t C = out.shape[1], k, side, block, first, c
    cdef bint with_argmax = argmax is not None
    cdef Best[BLOCK] best
    with nogil:
        for k in range(out.shape[0]):
            for side in range(SIDES):
                for block in range((C + BLOCK - 1) // BLOCK):
                    first = block * BLOCK
                    pool_side(
                        best, features, <Py_ssize_t>rois[k, 0], side * C + first, min(C - first, BLOCK),
                        side_of(rois, k, side, spatial_scale), pool_size,
                    )
                    for c in range(first, min(first + BLOCK, C)):
                        out[k, c, side] = <floating>(best[c - first].value + 0.0)  # 0.0 has no sign
                        if with_argmax:
                            argmax[k, c, side] = best[c - first].point


cdef inline void pool_side(
    Best* best, const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t first, Py_ssize_t count,
    Side side, Py_ssize_t pool_size,
) noexcept nogil:
    """The first maximum, or the first NaN, along one side, for channels that share the points' neighbours."""
    cdef Py_ssize_t i, c
    cdef double value
    cdef Tap row, column
    for i in range(pool_size + 1):
        row = row_at(side, i, pool_size, features.shape[2])
        column = column_at(side, i, pool_size, features.shape[3])
        for c in range(count):
            value = sample(features, b, first + c, row, column)
            # greater, or the first NaN
            if i == 0 or (not value <= best[c].value and best[c].value == best[c].value):
                best[c] = Best(value, i)


cdef inline double sample(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t c, Tap row, Tap column
) noexcept nogil:
    if not (row.inside and column.inside):
        return 0
    return blend(
        features[b, c, row.low, column.low], features[b, c, row.low, column.high],
        features[b, c, row.high, column.low], features[b, c, row.high, column.high],
        row.fraction, column.fraction,
    )
