"""The orientations of the bins of many RoIs, mixed and unmixed."""

from cython cimport floating

from roikit.cpu._orientations cimport mix, unmix
from roikit.cpu._point_slopes cimport number


def mix_rows(
    const number[:, :, :, :] bins, const double[:, :] shifts, floating[:, :, :, :] out,
    Py_ssize_t num_orientations,
):
    """out[k] = bins[k], each of whose channels reads two orientations."""
    cdef Py_ssize_t k
    with nogil:
        for k in range(out.shape[0]):
            mix(bins, k, shifts, out, k, num_orientations)


def unmix_rows(
    const number[:, :, :, :] grad, const double[:, :] shifts, floating[:, :, :, :] bins,
    Py_ssize_t num_orientations,
):
    """bins[k] = the gradient by the bins of RoI k before they were mixed."""
    cdef Py_ssize_t k
    with nogil:
        for k in range(bins.shape[0]):
            unmix(grad, k, shifts, bins, k, 0, bins.shape[1], num_orientations)
