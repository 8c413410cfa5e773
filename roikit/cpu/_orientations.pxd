"""Channels that are orientations; same names, same order of operations as in
``roikit/reference/riroi_align_rotated*.py``."""

from cython cimport floating

from roikit.cpu._point_slopes cimport number

cdef struct Givers:
    # The channels for whose bins one was the low, and the high, of the two orientations.
    Py_ssize_t low
    Py_ssize_t high


cdef inline Py_ssize_t further(Py_ssize_t c, Py_ssize_t steps, Py_ssize_t num_orientations) noexcept nogil:
    """The channel that is so many orientations after c; of no fewer than 0 steps."""
    cdef Py_ssize_t orientation = c % num_orientations
    return c - orientation + (orientation + steps) % num_orientations


cdef inline void mix(
    const number[:, :, :, :] bins, Py_ssize_t i, const double[:, :] shifts, floating[:, :, :, :] out,
    Py_ssize_t k, Py_ssize_t num_orientations,
) noexcept nogil:
    """out[k] = bins[i], each of whose channels reads two orientations."""
    cdef Py_ssize_t first = <Py_ssize_t>shifts[k, 0], c, ph, pw, low, high
    cdef double fraction = shifts[k, 1]
    for c in range(out.shape[1]):
        low, high = further(c, first, num_orientations), further(c, first + 1, num_orientations)
        for ph in range(out.shape[2]):
            for pw in range(out.shape[3]):
                out[k, c, ph, pw] = <floating>(
                    (1 - fraction) * bins[i, low, ph, pw] + fraction * bins[i, high, ph, pw]
                )


cdef inline void unmix(
    const number[:, :, :, :] grad, Py_ssize_t k, const double[:, :] shifts, floating[:, :, :, :] bins,
    Py_ssize_t i, Py_ssize_t first, Py_ssize_t end, Py_ssize_t num_orientations,
) noexcept nogil:
    """bins[i] = the gradient by the bins of RoI k before they were mixed, for some of the channels."""
    cdef Py_ssize_t c, ph, pw
    cdef double fraction = shifts[k, 1]
    cdef Givers to
    for c in range(first, end):
        to = givers(c, shifts, k, num_orientations)
        for ph in range(bins.shape[2]):
            for pw in range(bins.shape[3]):
                bins[i, c, ph, pw] = <floating>(
                    (1 - fraction) * grad[k, to.low, ph, pw] + fraction * grad[k, to.high, ph, pw]
                )


cdef inline Givers givers(
    Py_ssize_t c, const double[:, :] shifts, Py_ssize_t k, Py_ssize_t num_orientations
) noexcept nogil:
    cdef Py_ssize_t first = <Py_ssize_t>shifts[k, 0]
    return Givers(
        further(c, num_orientations - first, num_orientations),
        further(c, 2 * num_orientations - first - 1, num_orientations),
    )
