"""RoIAlign of rotated boxes: the sample points of an upright box are turned about its centre."""

from cython cimport floating

from roikit.cpu._rotated cimport Bins, Frame, bins_of, frame
from roikit.cpu._rotated_bins cimport align_roi


def roi_align_rotated(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, bint aligned,
):
    """out[k, c, ph, pw] = the average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], k
    cdef Frame box
    cdef Bins bins
    with nogil:
        for k in range(out.shape[0]):
            box = frame(rois, k, spatial_scale, aligned)
            bins = bins_of(box, out.shape[2], out.shape[3], ratio_y, ratio_x)
            align_roi(features, <Py_ssize_t>rois[k, 0], out, k, box, bins)
