"""Which map of a feature pyramid each box is read from: a large box from a coarse one."""

from libc.math cimport fmax, fmin, ilogb, sqrt
from libc.stdint cimport int64_t


def pyramid_levels(
    const double[:, :] rois, int64_t[:] out, const int64_t[:] levels,
    int64_t canonical_level, double canonical_size, double eps, str eps_of,
):
    """out[k] = index of the last of `levels`, which rise, that is not above the box's; 0 if all are above."""
    cdef Py_ssize_t K = rois.shape[0]
    cdef Py_ssize_t k
    cdef double area, ratio
    cdef double times = 2.0 ** eps if eps_of == "level" else 1.0
    cdef double plus = 0.0 if eps_of == "level" else eps
    cdef int64_t level, index
    with nogil:
        for k in range(K):
            area = fmax((rois[k, 3] - rois[k, 1]) * (rois[k, 4] - rois[k, 2]), 0.0)
            ratio = sqrt(area) / canonical_size * times + plus
            level = canonical_level + ilogb(fmin(fmax(ratio, 2.0 ** -1000), 2.0 ** 1000))
            index = levels.shape[0] - 1
            while index > 0 and levels[index] > level:
                index -= 1
            out[k] = index
