"""The value of feature maps between their cells."""

from cython cimport floating

from roikit.cpu._geometry cimport Tap, axis_tap, blend


def bilinear_interpolate(
    const floating[:, :, :] planes, const double[:] y, const double[:] x, floating[:, :] out
):
    """out[m, p] = the value of planes[m] at (y[p], x[p])."""
    cdef Py_ssize_t M = out.shape[0], P = out.shape[1]
    cdef Py_ssize_t H = planes.shape[1], W = planes.shape[2]
    cdef Py_ssize_t m, p
    cdef Tap row, column
    with nogil:
        for p in range(P):
            # The neighbours and their weights are shared by all planes.
            row, column = axis_tap(y[p], H), axis_tap(x[p], W)
            for m in range(M):
                if row.inside and column.inside:
                    out[m, p] = <floating>blend(
                        planes[m, row.low, column.low], planes[m, row.low, column.high],
                        planes[m, row.high, column.low], planes[m, row.high, column.high],
                        row.fraction, column.fraction,
                    )
                else:
                    out[m, p] = 0
