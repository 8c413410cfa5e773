"""The gradient of RoI max pooling: each bin gives its gradient to the one cell where it found its maximum."""

import numpy as np

from cython cimport floating
from libc.stdint cimport int32_t, int64_t

ctypedef fused index:
    int32_t
    int64_t


def roi_pool_backward(
    const floating[:, :, :, :] grad, const double[:, :] rois, const index[:, :, :, :] argmax,
    floating[:, :, :, :] out,
):
    """out[n, c, y, x] = sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x."""
    cdef Py_ssize_t N = out.shape[0], C = out.shape[1], H = out.shape[2], W = out.shape[3]
    cdef Py_ssize_t n, c, k, y, x
    # One map: added up in float64, rounded once.
    cdef double[::1] total = np.empty(H * W if N * C else 0)
    with nogil:
        for n in range(N):
            for c in range(C):
                total[:] = 0
                for k in range(rois.shape[0]):
                    if <Py_ssize_t>rois[k, 0] == n:
                        give_back(grad, argmax, k, c, total)
                for y in range(H):
                    for x in range(W):
                        out[n, c, y, x] = <floating>total[y * W + x]


cdef inline void give_back(
    const floating[:, :, :, :] grad, const index[:, :, :, :] argmax, Py_ssize_t k, Py_ssize_t c,
    double[::1] total,
) noexcept nogil:
    """Add each bin of channel c of RoI k to its cell."""
    cdef Py_ssize_t ph, pw
    cdef int64_t cell
    for ph in range(grad.shape[2]):
        for pw in range(grad.shape[3]):
            cell = argmax[k, c, ph, pw]  # read once: another thread may write to it meanwhile
            if 0 <= cell < total.shape[0]:
                total[cell] += grad[k, c, ph, pw]
