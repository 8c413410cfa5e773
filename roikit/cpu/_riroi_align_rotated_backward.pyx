"""The gradient of rotation-invariant RoIAlign with respect to the map: each bin gives back to both of the
orientations that it was mixed of."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK
from roikit.cpu._orientations cimport unmix
from roikit.cpu._rotated cimport Bins, Frame, bins_of, frame
from roikit.cpu._rotated_bins cimport spread_roi
from roikit.cpu._samples cimport write


def riroi_align_rotated_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, const double[:, :] shifts,
    floating[:, :, :, :] out, double spatial_scale, sampling_ratio, bint aligned, Py_ssize_t num_orientations,
):
    """out[n, c, y, x] = sum of grad[k, o, ph, pw], each times the derivative of its bin by that cell."""
    cdef Py_ssize_t N = out.shape[0], C = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t K = grad.shape[0], PH = grad.shape[2], PW = grad.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Py_ssize_t n, block, first, end, k
    cdef Frame box
    cdef Bins cut
    cdef double[:, :, :, :] bins = np.empty((min(K, 1), C, PH, PW))  # of one RoI
    # The maps of one image and one block of channels: added up in float64, rounded once.
    cdef double[:, :, ::1] total = np.empty((min(N * C, BLOCK), H, W))
    with nogil:
        for n in range(N):
            for block in range((C + BLOCK - 1) // BLOCK):
                first, end = block * BLOCK, min((block + 1) * BLOCK, C)
                total[:] = 0
                for k in range(K):
                    if <Py_ssize_t>rois[k, 0] == n:
                        box = frame(rois, k, spatial_scale, aligned)
                        cut = bins_of(box, PH, PW, ratio_y, ratio_x)
                        unmix(grad, k, shifts, bins, 0, first, end, num_orientations)
                        spread_roi(bins, total, 0, first, end, box, cut)
                write(total, out, n, first, end)
