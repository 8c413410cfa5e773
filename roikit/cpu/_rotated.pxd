"""Rotated boxes; same names, same order of operations as in ``roikit/reference/roi_align_rotated.py``."""

from roikit.cpu._geometry cimport Axis, sample_count, sample_point

cdef struct Frame:
    # A rotated box in cells, and the cosine and sine of its angle, counter-clockwise.
    double y  # of its centre
    double x
    double height
    double width
    double cos
    double sin

cdef struct Bins:
    # How a box is cut into bins, and these are sampled.
    Py_ssize_t PH
    Py_ssize_t PW
    Py_ssize_t count_y
    Py_ssize_t count_x

cdef struct Point:
    # A sample: where it would lie if the box stood upright, from its centre, and where it lies on the map.
    double yy
    double xx
    double y
    double x


cdef inline Frame frame(
    const double[:, :] rois, Py_ssize_t k, double spatial_scale, bint aligned
) noexcept nogil:
    """One row of rois (K, 7) on the map."""
    cdef Frame box
    box.y, box.x = rois[k, 2] * spatial_scale, rois[k, 1] * spatial_scale
    box.height, box.width = rois[k, 4] * spatial_scale, rois[k, 3] * spatial_scale
    box.cos, box.sin = rois[k, 5], rois[k, 6]
    if aligned:  # a cell's value stands at its centre, so cell i is at i + 0.5
        box.y, box.x = box.y - 0.5, box.x - 0.5
    else:
        box.height, box.width = max(box.height, 1.0), max(box.width, 1.0)
    return box


cdef inline Bins bins_of(
    Frame box, Py_ssize_t PH, Py_ssize_t PW, Py_ssize_t ratio_y, Py_ssize_t ratio_x
) noexcept nogil:
    return Bins(PH, PW, sample_count(box.height, PH, ratio_y), sample_count(box.width, PW, ratio_x))


cdef inline Point sample_of(
    Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw, Py_ssize_t iy, Py_ssize_t ix
) noexcept nogil:
    """Point (iy, ix) of bin (ph, pw), turned about the centre."""
    cdef Point point
    point.yy = sample_point(Axis(-box.height / 2, box.height), bins.PH, bins.count_y, ph, iy)
    point.xx = sample_point(Axis(-box.width / 2, box.width), bins.PW, bins.count_x, pw, ix)
    point.y = point.yy * box.cos - point.xx * box.sin + box.y
    point.x = point.yy * box.sin + point.xx * box.cos + box.x
    return point


cdef inline bint row_is_outside(
    Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw, Py_ssize_t iy, Py_ssize_t H, Py_ssize_t W
) noexcept nogil:
    """Whether a long row of samples lies beyond one border: from its first to its last both coordinates only
    grow or only fall. A box far larger than the map has millions of such samples."""
    cdef Point first, last
    if bins.count_x < 32:
        return False
    first = sample_of(box, bins, ph, pw, iy, 0)
    last = sample_of(box, bins, ph, pw, iy, bins.count_x - 1)
    return (
        max(first.y, last.y) < -1 or min(first.y, last.y) > H
        or max(first.x, last.x) < -1 or min(first.x, last.x) > W
    )
