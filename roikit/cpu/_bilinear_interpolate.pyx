"""The value of feature maps between their cells."""

from cython cimport floating

from roikit.cpu._geometry cimport Tap, axis_tap, blend


def bilinear_interpolate(
    const floating[:, :, :, :] planes, const double[:] y, const double[:] x, floating[:, :, :] out
):
    """out[n, m, p] = the value of planes[n, m] at (y[p], x[p])."""
    cdef Py_ssize_t N = out.shape[0], M = out.shape[1], P = out.shape[2]
    cdef Py_ssize_t H = planes.shape[2], W = planes.shape[3]
    cdef Py_ssize_t n, m, p
    cdef Tap row, column
    with nogil:
        for p in range(P):
            # The neighbours and their weights are shared by all planes.
            row, column = axis_tap(y[p], H), axis_tap(x[p], W)
            for n in range(N):
                for m in range(M):
                    if row.inside and column.inside:
                        out[n, m, p] = <floating>blend(
                            planes[n, m, row.low, column.low], planes[n, m, row.low, column.high],
                            planes[n, m, row.high, column.low], planes[n, m, row.high, column.high],
                            row.fraction, column.fraction,
                        )
                    else:
                        out[n, m, p] = 0
