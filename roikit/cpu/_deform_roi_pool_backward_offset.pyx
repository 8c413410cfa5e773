"""The gradient of deformable RoI pooling with respect to the offsets: the map's slope at each sample of a
bin, times how far they all move with it."""

from cython cimport floating

from roikit.cpu._deform cimport Side, shifted_point, side
from roikit.cpu._geometry cimport axis_tap
from roikit.cpu._point_slopes cimport point_slopes
from roikit.cpu._samples cimport Slopes


def deform_roi_pool_backward_offset(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, const double[:, :] rois,
    const double[:, :, :, :] offset, double[:, :, :, :] out,
    double spatial_scale, sampling_ratio, double gamma,
):
    """out[k, i, ph, pw] = the gradient of sum(grad[k, c, ph, pw] * bin) by the bin's shift along x, and y."""
    cdef Py_ssize_t PH = grad.shape[2], PW = grad.shape[3], k, ph, pw
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Side rows, columns
    cdef Slopes moved
    with nogil:
        for k in range(rois.shape[0]):
            rows = side(rois[k, 2], rois[k, 4], spatial_scale, PH, ratio_y)
            columns = side(rois[k, 1], rois[k, 3], spatial_scale, PW, ratio_x)
            for ph in range(PH):
                for pw in range(PW):
                    moved = bin_slope(
                        grad, features, k, <Py_ssize_t>rois[k, 0], rows, columns, ph, pw,
                        gamma, offset[k, 1, ph, pw], offset[k, 0, ph, pw],
                    )
                    out[k, 0, ph, pw] = moved.by_x * (gamma * columns.axis.size)
                    out[k, 1, ph, pw] = moved.by_y * (gamma * rows.axis.size)


cdef inline Slopes bin_slope(
    const floating[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Side rows, Side columns, Py_ssize_t ph, Py_ssize_t pw, double gamma, double along_y, double along_x,
) noexcept nogil:
    """How a bin, times its gradient, changes when all of its samples move by one cell."""
    cdef double count = max(<double>rows.count * columns.count, 1.0), y, x
    cdef Slopes total = Slopes(0, 0), one
    cdef Py_ssize_t iy, ix
    for iy in range(rows.count):
        y = shifted_point(rows, ph, iy, gamma, along_y)
        if not axis_tap(y, features.shape[2]).inside:
            continue
        for ix in range(columns.count):
            x = shifted_point(columns, pw, ix, gamma, along_x)
            one = point_slopes(grad, features, k, n, ph, pw, y, x)
            total.by_y += one.by_y
            total.by_x += one.by_x
    return Slopes(total.by_y / count, total.by_x / count)
