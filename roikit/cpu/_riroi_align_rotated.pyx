"""Rotation-invariant RoIAlign: the bins of a rotated box, whose orientations are mixed."""

import numpy as np

from cython cimport floating

from roikit.cpu._orientations cimport mix
from roikit.cpu._rotated cimport Bins, Frame, bins_of, frame
from roikit.cpu._rotated_bins cimport align_roi


def riroi_align_rotated(
    const floating[:, :, :, :] features, const double[:, :] rois, const double[:, :] shifts,
    floating[:, :, :, :] out, double spatial_scale, sampling_ratio, bint aligned, Py_ssize_t num_orientations,
):
    """out[k] = the bins of `roi_align_rotated`, mixed by shifts[k]: whole orientations, and the rest."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3], k
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Frame box
    cdef Bins cut
    cdef double[:, :, :, :] bins = np.empty((min(K, 1), C, PH, PW))  # of one RoI
    with nogil:
        for k in range(K):
            box = frame(rois, k, spatial_scale, aligned)
            cut = bins_of(box, PH, PW, ratio_y, ratio_x)
            align_roi(features, <Py_ssize_t>rois[k, 0], bins, 0, box, cut)
            mix(bins, 0, shifts, out, k, num_orientations)
