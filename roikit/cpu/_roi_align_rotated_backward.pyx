"""The gradient of RoIAlign of rotated boxes with respect to the map: each bin gives back what it read."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK
from roikit.cpu._rotated cimport Bins, Frame, bins_of, frame
from roikit.cpu._rotated_bins cimport spread_roi
from roikit.cpu._samples cimport write


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
