"""The gradient of RoIAlign of rotated boxes with respect to the map: each bin gives back what it read."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Tap, axis_tap
from roikit.cpu._rotated cimport Bins, Frame, Point, bins_of, frame, row_is_outside, sample_of
from roikit.cpu._samples cimport spread, write


def roi_align_rotated_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, bint aligned,
):
    """out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell."""
    cdef Py_ssize_t N = out.shape[0], C = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Py_ssize_t n, block, first, end, k
    cdef Frame box
    cdef Bins bins
    # The maps of one image and one block of channels: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(N * C, BLOCK), H, W))
    with nogil:
        for n in range(N):
            for block in range((C + BLOCK - 1) // BLOCK):
                first, end = block * BLOCK, min((block + 1) * BLOCK, C)
                total[:] = 0
                for k in range(rois.shape[0]):
                    if <Py_ssize_t>rois[k, 0] == n:
                        box = frame(rois, k, spatial_scale, aligned)
                        bins = bins_of(box, grad.shape[2], grad.shape[3], ratio_y, ratio_x)
                        spread_roi(grad, total, k, first, end, box, bins)
                write(total, out, n, first, end)


cdef inline void spread_roi(
    const floating[:, :, :, :] grad, double[:, :, ::1] total, Py_ssize_t k, Py_ssize_t first, Py_ssize_t end,
    Frame box, Bins bins,
) noexcept nogil:
    """Add to the maps what the bins of RoI k give back: each sample an equal share of its bin's gradient."""
    cdef Py_ssize_t H = total.shape[1], W = total.shape[2], ph, pw, iy, ix, c
    cdef double count = <double>bins.count_y * bins.count_x  # samples outside the map stay in the divisor
    cdef Point point
    cdef Tap row, column
    for ph in range(bins.PH):
        for pw in range(bins.PW):
            for iy in range(bins.count_y):
                if row_is_outside(box, bins, ph, pw, iy, H, W):
                    continue
                for ix in range(bins.count_x):
                    point = sample_of(box, bins, ph, pw, iy, ix)
                    row, column = axis_tap(point.y, H), axis_tap(point.x, W)
                    if not (row.inside and column.inside):
                        continue
                    for c in range(first, end):
                        spread(total, c - first, row, column, grad[k, c, ph, pw] / count)
