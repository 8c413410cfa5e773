"""The gradient of precise RoI pooling by the map: each bin gives back what it read, by weight."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Axis
from roikit.cpu._precise cimport Bin, precise_axis, precise_bin, weight_of
from roikit.cpu._samples cimport write


def precise_roi_pool_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, floating[:, :, :, :] out, double spatial_scale,
):
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the weight of that cell in its bin."""
    cdef Py_ssize_t N = out.shape[0], C = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t n, block, first, end, k
    # The maps of one image and one block of channels: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(N * C, BLOCK), H, W))
    with nogil:
        for n in range(N):
            for block in range((C + BLOCK - 1) // BLOCK):
                first, end = block * BLOCK, min((block + 1) * BLOCK, C)
                total[:] = 0
                for k in range(rois.shape[0]):
                    if <Py_ssize_t>rois[k, 0] == n:
                        spread_roi(
                            grad, total, k, first, end,
                            precise_axis(rois[k, 2], rois[k, 4], spatial_scale),
                            precise_axis(rois[k, 1], rois[k, 3], spatial_scale),
                        )
                write(total, out, n, first, end)


cdef inline void spread_roi(
    const floating[:, :, :, :] grad, double[:, :, ::1] total, Py_ssize_t k, Py_ssize_t first, Py_ssize_t end,
    Axis y_axis, Axis x_axis,
) noexcept nogil:
    """Add to the maps what the bins of RoI k give back."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3]
    cdef Py_ssize_t ph, pw
    for ph in range(PH):
        for pw in range(PW):
            spread_bin(
                grad, total, k, first, end, ph, pw,
                precise_bin(y_axis, ph, PH, total.shape[1]), precise_bin(x_axis, pw, PW, total.shape[2]),
            )


cdef inline void spread_bin(
    const floating[:, :, :, :] grad, double[:, :, ::1] total, Py_ssize_t k, Py_ssize_t first, Py_ssize_t end,
    Py_ssize_t ph, Py_ssize_t pw, Bin rows, Bin columns,
) noexcept nogil:
    """Add a bin's gradient to the cells that it reaches, to each by its weight."""
    cdef Py_ssize_t c, y, x
    cdef double w_y, w_x
    for y in range(rows.first, rows.end):
        w_y = weight_of(rows, y)
        for x in range(columns.first, columns.end):
            w_x = weight_of(columns, x)
            for c in range(first, end):
                total[c - first, y, x] += w_x * (w_y * grad[k, c, ph, pw])
