"""The gradient of border align with respect to the boxes: the map's slope at each maximum, times how far the
point moves with the box."""

from cython cimport floating
from libc.stdint cimport int32_t, int64_t

from roikit.cpu._border cimport SIDES, Corners, Side, column_at, corners_of, row_at, side_of, walk
from roikit.cpu._geometry cimport Tap
from roikit.cpu._samples cimport Slopes, slopes

ctypedef fused index:
    int32_t
    int64_t


def border_align_backward_rois(
    const floating[:, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    const index[:, :, :] argmax, double[:, :] out, double spatial_scale, Py_ssize_t pool_size,
):
    """out[k] = the gradient of sum(grad[k] * the maxima of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t C = grad.shape[1], k, c, side, column
    cdef int64_t i
    cdef double[4] total
    with nogil:
        for k in range(rois.shape[0]):
            for column in range(4):
                total[column] = 0
            for c in range(C):
                for side in range(SIDES):
                    i = argmax[k, c, side]  # read once: another thread may write to it meanwhile
                    if 0 <= i <= pool_size:
                        add_point(
                            total, features, <Py_ssize_t>rois[k, 0], side * C + c, side,
                            side_of(rois, k, side, spatial_scale), i, pool_size, grad[k, c, side],
                        )
            for column in range(4):
                out[k, column] = total[column] * spatial_scale


cdef inline void add_point(
    double* total, const floating[:, :, :, :] features, Py_ssize_t n, Py_ssize_t c, Py_ssize_t side,
    Side along, Py_ssize_t i, Py_ssize_t pool_size, double value,
) noexcept nogil:
    """Add what point i of a side gives: at t of the way it moves by 1 - t with the corner that the side is
    walked from, and by t with the other."""
    cdef Slopes by = point_gradient(features, n, c, along, i, pool_size, value)
    cdef double t = <double>i / pool_size
    cdef Corners at = corners_of(side)
    total[at.from_x] += (1 - t) * by.by_x
    total[at.to_x] += t * by.by_x
    total[at.from_y] += (1 - t) * by.by_y
    total[at.to_y] += t * by.by_y


cdef inline Slopes point_gradient(
    const floating[:, :, :, :] features, Py_ssize_t n, Py_ssize_t c, Side along, Py_ssize_t i,
    Py_ssize_t pool_size, double value,
) noexcept nogil:
    """The gradient of value * a map at a point by y and x; 0 outside, and where it is clamped to the map."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Tap row = row_at(along, i, pool_size, H), column = column_at(along, i, pool_size, W)
    cdef Slopes slope
    if not (row.inside and column.inside):
        return Slopes(0, 0)
    slope = slopes(
        features[n, c, row.low, column.low], features[n, c, row.low, column.high],
        features[n, c, row.high, column.low], features[n, c, row.high, column.high],
        row.fraction, column.fraction,
    )
    return Slopes(
        value * slope.by_y if 0 <= walk(along.from_y, along.to_y, i, pool_size) < H - 1 else 0,
        value * slope.by_x if 0 <= walk(along.from_x, along.to_x, i, pool_size) < W - 1 else 0,
    )
