"""The gradient of RoI max pooling, planes in NCHW: each bin adds its gradient to the cell of its maximum."""

from cython cimport floating
from libc.stdint cimport int32_t, int64_t


cdef extern from "prefetch.h" nogil:
    void ask_for(const void *first, Py_ssize_t bytes)


ctypedef fused index:
    int32_t
    int64_t

cdef enum:
    AT_ONCE = 4


def pool_backward(
    const floating[:, :, :, :] grad, argmax, const Py_ssize_t[:] order, floating[:, :, :] planes, bint packed
):
    """Add to planes[c] what the bins of the RoIs k = order[i] give back, each to the cell its argmax names.

    A bin's gradient is in grad[k], or where `grad` holds these RoIs alone (packed) in grad[i]; its argmax,
    int32 or int64, is in argmax[k]. What names no cell of the map is left out; the answer is whether any such
    was met but -1, which stands for none.
    """
    cdef const int32_t[:, :, :, :] narrow
    cdef const int64_t[:, :, :, :] wide
    if argmax.itemsize == 4:
        narrow = argmax
        return scatter(grad, narrow, order, planes, packed)
    wide = argmax
    return scatter(grad, wide, order, planes, packed)


cdef bint scatter(
    const floating[:, :, :, :] grad, const index[:, :, :, :] argmax, const Py_ssize_t[:] order,
    floating[:, :, :] planes, bint packed,
) except -1:
    """Whether an index names neither a cell nor none."""
    cdef Py_ssize_t C = planes.shape[0], W = planes.shape[2], PH = grad.shape[2], PW = grad.shape[3], i, c, ph
    cdef Py_ssize_t plane = planes.strides[0] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t row = planes.strides[1] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t step = argmax.strides[3] // <Py_ssize_t>sizeof(index)
    cdef size_t cells = planes.shape[1] * W, astray = 0
    cdef Py_ssize_t from_
    cdef bint gapless = grad.strides[2] == PW * <Py_ssize_t>sizeof(floating)
    if gapless and argmax.strides[2] == PW * argmax.strides[3]:  # all rows of bins are one
        PH, PW = min(PH, 1), PH * PW
    if PW == 0 or cells == 0:
        return 0
    with nogil:
        for i in range(order.shape[0]):
            from_ = i if packed else order[i]
            for ph in range(PH):
                c = 0
                while step == 1 and row == W and c + AT_ONCE <= C:
                    if i + 1 < order.shape[0]:
                        ask_for(&grad[i + 1 if packed else order[i + 1], c, ph, 0], AT_ONCE * grad.strides[1])
                        ask_for(&argmax[order[i + 1], c, ph, 0], AT_ONCE * argmax.strides[1])
                    astray |= add_many(
                        &grad[from_, c, ph, 0], grad.strides[1] // <Py_ssize_t>sizeof(floating),
                        &argmax[order[i], c, ph, 0], argmax.strides[1] // <Py_ssize_t>sizeof(index), PW,
                        &planes[c, 0, 0], plane, cells,
                    )
                    c += AT_ONCE
                while c < C:
                    astray |= add_one(
                        &grad[from_, c, ph, 0], &argmax[order[i], c, ph, 0], step, PW, &planes[c, 0, 0],
                        row, W, cells,
                    )
                    c += 1
    return astray != 0


cdef inline size_t add_many(
    const floating *value, Py_ssize_t next_value, const index *cell, Py_ssize_t next_cell, Py_ssize_t n,
    floating *plane, Py_ssize_t next_plane, size_t cells,
) noexcept nogil:
    """AT_ONCE planes in turns: a bin often adds to the cell that the one before just added to, and waits.

    The answer is not 0 where an index was astray: as a size, one more than -1 is 0.
    """
    cdef Py_ssize_t i, plane_of
    cdef size_t at, astray = 0
    for i in range(n):
        for plane_of in range(AT_ONCE):  # unrolled
            at = <size_t>cell[i + plane_of * next_cell]
            if at < cells:
                plane[at + plane_of * next_plane] += value[i + plane_of * next_value]
            else:
                astray |= at + 1
    return astray


cdef inline size_t add_one(
    const floating *value, const index *cell, Py_ssize_t step, Py_ssize_t n, floating *plane, Py_ssize_t row,
    Py_ssize_t W, size_t cells,
) noexcept nogil:
    cdef Py_ssize_t i
    cdef size_t at, astray = 0
    for i in range(n):
        at = <size_t>cell[i * step]
        if at < cells:
            plane[<Py_ssize_t>at // W * row + <Py_ssize_t>at % W] += value[i]
        else:
            astray |= at + 1
    return astray
