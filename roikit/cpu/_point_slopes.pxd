"""How a bin changes when one of its samples moves."""

from cython cimport floating

from roikit.cpu._geometry cimport Tap, axis_tap
from roikit.cpu._samples cimport Slopes, slopes

ctypedef fused number:  # of the bins, whatever the map is of
    float
    double


cdef inline Slopes tap_slopes(
    const number[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Py_ssize_t ph, Py_ssize_t pw, Tap row, Tap column, bint moves_y, bint moves_x,
) noexcept nogil:
    """The derivatives of sum(grad * map) over the channels, by y and by x at one sample of bin (ph, pw)."""
    cdef Slopes total = Slopes(0, 0), one
    cdef Py_ssize_t c
    if not (row.inside and column.inside):
        return total
    for c in range(grad.shape[1]):
        one = slopes(
            features[n, c, row.low, column.low], features[n, c, row.low, column.high],
            features[n, c, row.high, column.low], features[n, c, row.high, column.high],
            row.fraction, column.fraction,
        )
        total.by_y += grad[k, c, ph, pw] * one.by_y
        total.by_x += grad[k, c, ph, pw] * one.by_x
    # One that is clamped to the map reads the same cell when it moves.
    return Slopes(total.by_y if moves_y else 0, total.by_x if moves_x else 0)


cdef inline Slopes point_slopes(
    const number[:, :, :, :] grad, const floating[:, :, :, :] features, Py_ssize_t k, Py_ssize_t n,
    Py_ssize_t ph, Py_ssize_t pw, double y, double x,
) noexcept nogil:
    """The same at the point (y, x)."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    return tap_slopes(
        grad, features, k, n, ph, pw, axis_tap(y, H), axis_tap(x, W), 0 <= y < H - 1, 0 <= x < W - 1,
    )
