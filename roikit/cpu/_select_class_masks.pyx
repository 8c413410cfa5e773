"""Of the masks that a network makes for every class, the one of each RoI's own class."""

from cython cimport floating
from libc.stdint cimport int64_t


def select_class_masks(
    const floating[:, :, :, :] masks, const int64_t[:] labels, floating[:, :, :] out
):
    """out[k] = masks[k, labels[k]]."""
    cdef Py_ssize_t k, i, j
    with nogil:
        for k in range(out.shape[0]):
            for i in range(out.shape[1]):
                for j in range(out.shape[2]):
                    out[k, i, j] = masks[k, labels[k], i, j]
