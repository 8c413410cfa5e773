"""Where a mask lies in an image; same names, same order of operations as in ``roikit/reference``."""

from libc.stdint cimport int64_t

from roikit.cpu._geometry cimport Tap, axis_tap

cdef struct Pasted:
    # One axis of a box, and of the mask that is stretched over it.
    double start
    double end
    Py_ssize_t cells  # of the mask
    Py_ssize_t width  # cells of the mask, along x
    Py_ssize_t padding
    bint by_pixels  # torchvision's convention, not detectron2's


cdef inline Tap paste_tap(const Pasted* axis, Py_ssize_t pixel) noexcept nogil:
    """Which cells of the padded mask a pixel reads."""
    cdef Py_ssize_t padded = axis.cells + 2 * axis.padding
    cdef double growth, centre, half, size, point
    cdef int64_t first, last
    cdef Tap tap
    if axis.by_pixels:
        growth = <double>(axis.width + 2 * axis.padding) / axis.width
        centre, half = (axis.end + axis.start) * 0.5, (axis.end - axis.start) * 0.5 * growth
        first, last = <int64_t>(centre - half), <int64_t>(centre + half)
        point = (pixel - first + 0.5) * (<double>padded / max(last - first + 1, 1)) - 0.5
        tap = axis_tap(point, padded)
        tap.inside = first <= pixel <= last
    else:
        size = axis.end - axis.start if axis.end > axis.start else 1.0  # of nothing, nothing is inside
        point = (pixel + 0.5 - axis.start) * (axis.cells / size) + 0.5
        tap = axis_tap(point, padded)
        tap.inside = axis.end > axis.start and 0 <= point <= padded - 1
    return tap


cdef inline void paste_range(
    const Pasted* axis, Py_ssize_t pixels, Py_ssize_t* begin, Py_ssize_t* end
) noexcept nogil:
    """The pixels begin <= i < end of an image's axis that read the mask."""
    begin[0] = 0
    while begin[0] < pixels and not paste_tap(axis, begin[0]).inside:
        begin[0] += 1
    end[0] = begin[0]
    while end[0] < pixels and paste_tap(axis, end[0]).inside:
        end[0] += 1
