"""The gradient of deformable RoI pooling with respect to the map: each bin gives back what it read."""

import numpy as np

from cython cimport floating

from roikit.cpu._deform cimport Side, shifted_point, side
from roikit.cpu._geometry cimport BLOCK, Tap, axis_tap
from roikit.cpu._samples cimport spread, write


def deform_roi_pool_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, const double[:, :, :, :] offset,
    floating[:, :, :, :] out, double spatial_scale, sampling_ratio, double gamma,
):
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    cdef Py_ssize_t N = out.shape[0], C = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
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
                            grad, offset, total, k, first, end, gamma,
                            side(rois[k, 2], rois[k, 4], spatial_scale, PH, ratio_y),
                            side(rois[k, 1], rois[k, 3], spatial_scale, PW, ratio_x),
                        )
                write(total, out, n, first, end)


cdef inline void spread_roi(
    const floating[:, :, :, :] grad, const double[:, :, :, :] offset, double[:, :, ::1] total, Py_ssize_t k,
    Py_ssize_t first, Py_ssize_t end, double gamma, Side rows, Side columns,
) noexcept nogil:
    """Add to the maps what the bins of RoI k give back: each sample an equal share of its bin's gradient."""
    cdef Py_ssize_t H = total.shape[1], W = total.shape[2], ph, pw, iy, ix, c
    cdef double count = <double>rows.count * columns.count  # samples outside the map stay in the divisor
    cdef Tap row, column
    for ph in range(rows.bins):
        for pw in range(columns.bins):
            for iy in range(rows.count):
                row = axis_tap(shifted_point(rows, ph, iy, gamma, offset[k, 1, ph, pw]), H)
                if not row.inside:
                    continue
                for ix in range(columns.count):
                    column = axis_tap(shifted_point(columns, pw, ix, gamma, offset[k, 0, ph, pw]), W)
                    if not column.inside:
                        continue
                    for c in range(first, end):
                        spread(total, c - first, row, column, grad[k, c, ph, pw] / count)
