"""The gradient of border align with respect to the map: each maximum gives to the neighbours of its point."""

import numpy as np

from cython cimport floating
from libc.stdint cimport int32_t, int64_t

from roikit.cpu._border cimport Side, column_at, row_at, side_of
from roikit.cpu._geometry cimport Tap
from roikit.cpu._samples cimport spread, write

ctypedef fused index:
    int32_t
    int64_t


def border_align_backward(
    const floating[:, :, :] grad, const double[:, :] rois, const index[:, :, :] argmax,
    floating[:, :, :, :] out, double spatial_scale, Py_ssize_t pool_size,
):
    """out[n, side * C + c, y, x] = sum of grad[k, c, side], each times that cell's weight at its point."""
    planes(grad, rois, argmax, out, spatial_scale, pool_size, 0, out.shape[1])


def planes(
    const floating[:, :, :] grad, const double[:, :] rois, const index[:, :, :] argmax,
    floating[:, :, :, :] out, double spatial_scale, Py_ssize_t pool_size, Py_ssize_t first, Py_ssize_t end,
):
    """The same for channels first <= side * C + c < end."""
    cdef Py_ssize_t C = grad.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t n, channel, side, c, k
    cdef Side along
    # One map: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(out.shape[0] * (end - first), 1), H, W))
    with nogil:
        for n in range(out.shape[0]):
            for channel in range(first, end):
                side, c = channel // C, channel % C
                total[:] = 0
                for k in range(rois.shape[0]):
                    if <Py_ssize_t>rois[k, 0] == n:
                        along = side_of(rois, k, side, spatial_scale)
                        give_back(total, along, argmax[k, c, side], pool_size, grad[k, c, side])
                write(total, out, n, channel, channel + 1)


cdef inline void give_back(
    double[:, :, ::1] total, Side along, int64_t i, Py_ssize_t pool_size, double value
) noexcept nogil:
    """Add the value to the neighbours of point i of a side."""
    cdef Tap row, column
    if not 0 <= i <= pool_size:
        return
    row = row_at(along, i, pool_size, total.shape[1])
    column = column_at(along, i, pool_size, total.shape[2])
    if row.inside and column.inside:
        spread(total, 0, row, column, value)
