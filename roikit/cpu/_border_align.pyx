"""Border align: the maximum of a map along each side of a box, one group of channels for each side."""

from cython cimport floating
from libc.stdint cimport int64_t

from roikit.cpu._border cimport SIDES, Side, column_at, row_at, side_of
from roikit.cpu._geometry cimport Tap, blend

cdef struct Best:
    double value
    Py_ssize_t point


def border_align(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :] out,
    int64_t[:, :, :] argmax, double spatial_scale, Py_ssize_t pool_size,
):
    """out[k, c, side] = the maximum of channel side * C + c at the points of a side; argmax may be None."""
    cdef Py_ssize_t C = out.shape[1], k, side, c
    cdef bint with_argmax = argmax is not None
    cdef Best best
    with nogil:
        for k in range(out.shape[0]):
            for side in range(SIDES):
                for c in range(C):
                    best = pool_side(
                        features, <Py_ssize_t>rois[k, 0], side * C + c,
                        side_of(rois, k, side, spatial_scale), pool_size,
                    )
                    out[k, c, side] = <floating>(best.value + 0.0)  # 0.0 has no sign
                    if with_argmax:
                        argmax[k, c, side] = best.point


cdef inline Best pool_side(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t c, Side side, Py_ssize_t pool_size,
) noexcept nogil:
    """The first maximum, or the first NaN, along one side on one channel."""
    cdef Best best = Best(0, 0)
    cdef Py_ssize_t i
    cdef double value
    for i in range(pool_size + 1):
        value = sample(
            features, b, c, row_at(side, i, pool_size, features.shape[2]),
            column_at(side, i, pool_size, features.shape[3]),
        )
        if i == 0 or (not value <= best.value and best.value == best.value):  # greater, or the first NaN
            best = Best(value, i)
    return best


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
