"""The gradient of rotation-invariant RoIAlign with respect to the boxes: that of the rotated boxes and, by
the angle, how their orientations are mixed."""

import numpy as np

from cython cimport floating

from roikit.cpu._geometry cimport Tap, axis_tap, blend
from roikit.cpu._orientations cimport Givers, givers, unmix
from roikit.cpu._rotated cimport Bins, Frame, Point, bins_of, frame, row_is_outside, sample_of
from roikit.cpu._rotated_bins cimport Gradient, is_one_cell, roi_gradient, write_gradient


def riroi_align_rotated_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    const double[:, :] shifts, double[:, :] out, double spatial_scale, sampling_ratio, bint aligned,
    Py_ssize_t num_orientations, double turn, double steps,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle."""
    cdef Py_ssize_t K = grad.shape[0], C = grad.shape[1], PH = grad.shape[2], PW = grad.shape[3], k, n
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef bint one_row, one_column
    cdef Frame box
    cdef Bins cut
    cdef Gradient gradient
    cdef double[:, :, :, :] bins = np.empty((min(K, 1), C, PH, PW))  # the gradient by one RoI's, unmixed
    cdef double[:, :, :, :] rise = np.empty((min(K, 1), C, PH, PW))  # how that grows with the fraction
    with nogil:
        for k in range(K):
            n = <Py_ssize_t>rois[k, 0]
            box = frame(rois, k, spatial_scale, aligned)
            cut = bins_of(box, PH, PW, ratio_y, ratio_x)
            one_column = is_one_cell(rois[k, 3], spatial_scale, aligned)
            one_row = is_one_cell(rois[k, 4], spatial_scale, aligned)
            unmix(grad, k, shifts, bins, 0, 0, C, num_orientations)
            gradient = roi_gradient(bins, features, 0, n, box, cut, one_row, one_column)
            find_rise(grad, k, shifts, rise, num_orientations)
            gradient.by_angle += mixing_slope(rise, features, n, box, cut) * steps
            write_gradient(gradient, out, k, spatial_scale, turn)


cdef inline void find_rise(
    const floating[:, :, :, :] grad, Py_ssize_t k, const double[:, :] shifts, double[:, :, :, :] rise,
    Py_ssize_t num_orientations,
) noexcept nogil:
    cdef Py_ssize_t c, ph, pw
    cdef Givers to
    for c in range(rise.shape[1]):
        to = givers(c, shifts, k, num_orientations)
        for ph in range(rise.shape[2]):
            for pw in range(rise.shape[3]):
                rise[0, c, ph, pw] = <double>grad[k, to.high, ph, pw] - <double>grad[k, to.low, ph, pw]


cdef inline double mixing_slope(
    const double[:, :, :, :] rise, const floating[:, :, :, :] features, Py_ssize_t n, Frame box, Bins cut
) noexcept nogil:
    """How sum(grad * bins) grows with the fraction of the way to the next orientation."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], ph, pw, iy, ix
    cdef double total = 0
    cdef Point point
    cdef Tap row, column
    for ph in range(cut.PH):
        for pw in range(cut.PW):
            for iy in range(cut.count_y):
                if row_is_outside(box, cut, ph, pw, iy, H, W):
                    continue
                for ix in range(cut.count_x):
                    point = sample_of(box, cut, ph, pw, iy, ix)
                    row, column = axis_tap(point.y, H), axis_tap(point.x, W)
                    if row.inside and column.inside:
                        total += over_channels(rise, features, n, ph, pw, row, column)
    return total / max(<double>cut.count_y * cut.count_x, 1.0)


cdef inline double over_channels(
    const double[:, :, :, :] rise, const floating[:, :, :, :] features, Py_ssize_t n, Py_ssize_t ph,
    Py_ssize_t pw, Tap row, Tap column,
) noexcept nogil:
    """sum(rise * map) at one sample."""
    cdef double total = 0
    cdef Py_ssize_t c
    for c in range(rise.shape[1]):
        total += rise[0, c, ph, pw] * blend(
            features[n, c, row.low, column.low], features[n, c, row.low, column.high],
            features[n, c, row.high, column.low], features[n, c, row.high, column.high],
            row.fraction, column.fraction,
        )
    return total
