"""The gradient of RoIAlign of rotated boxes with respect to the boxes: the map's slope at each sample, times
how far the sample moves with the box."""

from cython cimport floating

from roikit.cpu._rotated cimport Bins, Frame, bins_of, frame
from roikit.cpu._rotated_bins cimport Gradient, is_one_cell, roi_gradient, write_gradient


def roi_align_rotated_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, double spatial_scale, sampling_ratio, bint aligned, double turn,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], k
    cdef bint one_row, one_column
    cdef Frame box
    cdef Bins bins
    cdef Gradient gradient
    with nogil:
        for k in range(rois.shape[0]):
            box = frame(rois, k, spatial_scale, aligned)
            bins = bins_of(box, grad.shape[2], grad.shape[3], ratio_y, ratio_x)
            one_column = is_one_cell(rois[k, 3], spatial_scale, aligned)
            one_row = is_one_cell(rois[k, 4], spatial_scale, aligned)
            gradient = roi_gradient(
                grad, features, k, <Py_ssize_t>rois[k, 0], box, bins, one_row, one_column
            )
            write_gradient(gradient, out, k, spatial_scale, turn)
