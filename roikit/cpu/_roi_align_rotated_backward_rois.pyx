"""The gradient of RoIAlign of rotated boxes with respect to the boxes: the map's slope at each sample, times
how far the sample moves with the box."""

from cython cimport floating

from roikit.cpu._point_slopes cimport point_slopes
from roikit.cpu._rotated cimport Bins, Frame, Point, bins_of, frame, row_is_outside, sample_of
from roikit.cpu._samples cimport Slopes

cdef struct Gradient:
    double by_x
    double by_y
    double by_width
    double by_height
    double by_angle


def roi_align_rotated_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    double[:, :] out, double spatial_scale, sampling_ratio, bint aligned, double turn,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], k
    cdef bint one_row, one_column  # sides that were made one cell long, and stay it
    cdef Frame box
    cdef Bins bins
    cdef Gradient gradient
    with nogil:
        for k in range(rois.shape[0]):
            box = frame(rois, k, spatial_scale, aligned)
            bins = bins_of(box, grad.shape[2], grad.shape[3], ratio_y, ratio_x)
            one_column = not aligned and rois[k, 3] * spatial_scale < 1
            one_row = not aligned and rois[k, 4] * spatial_scale < 1
            gradient = roi_gradient(
                grad, features, k, <Py_ssize_t>rois[k, 0], box, bins, one_row, one_column
            )
            out[k, 0], out[k, 1] = gradient.by_x * spatial_scale, gradient.by_y * spatial_scale
            out[k, 2], out[k, 3] = gradient.by_width * spatial_scale, gradient.by_height * spatial_scale
            out[k, 4] = gradient.by_angle * turn


cdef inline Gradient roi_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Frame box, Bins bins, bint one_row, bint one_column,
) noexcept nogil:
    """The gradient of one RoI by its sides in cells, and by the angle in radians."""
    cdef double count = max(<double>bins.count_y * bins.count_x, 1.0)
    cdef Gradient total = Gradient(0, 0, 0, 0, 0)
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], ph, pw, iy, ix
    cdef Point point
    cdef Slopes by
    cdef double along_height, along_width  # the slopes along the box's own sides
    for ph in range(bins.PH):
        for pw in range(bins.PW):
            for iy in range(bins.count_y):
                if row_is_outside(box, bins, ph, pw, iy, H, W):
                    continue
                for ix in range(bins.count_x):
                    point = sample_of(box, bins, ph, pw, iy, ix)
                    by = point_slopes(grad, features, k, n, ph, pw, point.y, point.x)
                    along_height = by.by_y * box.cos + by.by_x * box.sin
                    along_width = by.by_x * box.cos - by.by_y * box.sin
                    total.by_x += by.by_x
                    total.by_y += by.by_y
                    total.by_width += along_width * part(pw, bins.PW, ix, bins.count_x, one_column)
                    total.by_height += along_height * part(ph, bins.PH, iy, bins.count_y, one_row)
                    total.by_angle += point.yy * along_width - point.xx * along_height
    return Gradient(
        total.by_x / count, total.by_y / count, total.by_width / count, total.by_height / count,
        total.by_angle / count,
    )


cdef inline double part(
    Py_ssize_t p, Py_ssize_t bins, Py_ssize_t i, Py_ssize_t count, bint one_cell
) noexcept nogil:
    """How far point i of bin p moves from the centre when the box becomes one cell longer."""
    return 0 if one_cell else (p + (i + 0.5) / count) / bins - 0.5
