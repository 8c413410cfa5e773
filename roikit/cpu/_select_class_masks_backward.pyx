"""The gradient of `select_class_masks`: the mask of a RoI's own class gets all of it, the others nothing."""

from cython cimport floating
from libc.stdint cimport int64_t


def select_class_masks_backward(
    const floating[:, :, :] grad, const int64_t[:] labels, floating[:, :, :, :] out
):
    """out[k, labels[k]] = grad[k], and 0 elsewhere."""
    cdef Py_ssize_t k, label, i, j
    with nogil:
        for k in range(out.shape[0]):
            for label in range(out.shape[1]):
                for i in range(out.shape[2]):
                    for j in range(out.shape[3]):
                        out[k, label, i, j] = grad[k, i, j] if label == labels[k] else 0
