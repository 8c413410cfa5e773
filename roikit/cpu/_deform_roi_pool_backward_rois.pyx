"""The gradient of deformable RoI pooling with respect to the boxes: the map's slope at each sample, times how
far the sample moves with the box, and with the shift, which grows with it."""

from cython cimport floating

from roikit.cpu._deform cimport Side, part_of_end, shifted_point, side
from roikit.cpu._geometry cimport axis_tap
from roikit.cpu._point_slopes cimport point_slopes
from roikit.cpu._samples cimport Slopes

cdef struct Gradient:
    double by_x1
    double by_y1
    double by_x2
    double by_y2


def deform_roi_pool_backward_rois(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    const double[:, :, :, :] offset, double[:, :] out, double spatial_scale, sampling_ratio, double gamma,
):
    """out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3], k
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Gradient gradient
    with nogil:
        for k in range(rois.shape[0]):
            gradient = roi_gradient(
                grad, features, offset, k, <Py_ssize_t>rois[k, 0], gamma,
                side(rois[k, 2], rois[k, 4], spatial_scale, PH, ratio_y),
                side(rois[k, 1], rois[k, 3], spatial_scale, PW, ratio_x),
            )
            out[k, 0], out[k, 1] = gradient.by_x1 * spatial_scale, gradient.by_y1 * spatial_scale
            out[k, 2], out[k, 3] = gradient.by_x2 * spatial_scale, gradient.by_y2 * spatial_scale


cdef inline Gradient roi_gradient(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :, :, :] offset,
    Py_ssize_t k, Py_ssize_t n, double gamma, Side rows, Side columns,
) noexcept nogil:
    """The gradient of one RoI by x1, y1, x2, y2, these in cells."""
    cdef double count = max(<double>rows.count * columns.count, 1.0), y, x, of_y2, of_x2
    cdef Gradient total = Gradient(0, 0, 0, 0)
    cdef Py_ssize_t ph, pw, iy, ix
    cdef Slopes by
    for ph in range(rows.bins):
        for pw in range(columns.bins):
            for iy in range(rows.count):
                y = shifted_point(rows, ph, iy, gamma, offset[k, 1, ph, pw])
                of_y2 = part_of_end(rows, ph, iy, gamma, offset[k, 1, ph, pw])
                if not axis_tap(y, features.shape[2]).inside:
                    continue
                for ix in range(columns.count):
                    x = shifted_point(columns, pw, ix, gamma, offset[k, 0, ph, pw])
                    if not axis_tap(x, features.shape[3]).inside:
                        continue
                    of_x2 = part_of_end(columns, pw, ix, gamma, offset[k, 0, ph, pw])
                    by = point_slopes(grad, features, k, n, ph, pw, y, x)
                    total.by_x1 += by.by_x * (1 - of_x2)
                    total.by_y1 += by.by_y * (1 - of_y2)
                    total.by_x2 += by.by_x * of_x2
                    total.by_y2 += by.by_y * of_y2
    return Gradient(total.by_x1 / count, total.by_y1 / count, total.by_x2 / count, total.by_y2 / count)
