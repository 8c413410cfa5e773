"""Precise RoI pooling: a bin's value is the mean of the bilinear surface over all of it, nothing sampled."""

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Axis
from roikit.cpu._precise cimport Bin, precise_axis, precise_bin, weight_of


def precise_roi_pool(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale,
):
    """out[k, c, ph, pw] = the mean of the bilinear surface of channel c over bin (ph, pw) of rois[k]."""
    cdef Py_ssize_t C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Py_ssize_t k, block, ph, pw
    cdef Axis y_axis, x_axis
    with nogil:
        for k in range(out.shape[0]):
            y_axis = precise_axis(rois[k, 2], rois[k, 4], spatial_scale)
            x_axis = precise_axis(rois[k, 1], rois[k, 3], spatial_scale)
            for block in range((C + BLOCK - 1) // BLOCK):
                for ph in range(PH):
                    for pw in range(PW):
                        pool_bin(
                            features, out, <Py_ssize_t>rois[k, 0], k, block * BLOCK,
                            min((block + 1) * BLOCK, C), ph, pw,
                            precise_bin(y_axis, ph, PH, H), precise_bin(x_axis, pw, PW, W),
                        )


cdef inline void pool_bin(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t batch, Py_ssize_t k,
    Py_ssize_t first_channel, Py_ssize_t end_channel, Py_ssize_t ph, Py_ssize_t pw, Bin rows, Bin columns,
) noexcept nogil:
    """One bin of one RoI, for a block of channels, which share the cells' weights."""
    cdef Py_ssize_t c, y, x
    cdef double w_y, w_x
    cdef double[BLOCK] total, row
    for c in range(end_channel - first_channel):
        total[c] = 0
    for y in range(rows.first, rows.end):
        for c in range(end_channel - first_channel):
            row[c] = 0
        for x in range(columns.first, columns.end):
            w_x = weight_of(columns, x)
            for c in range(first_channel, end_channel):
                row[c - first_channel] += w_x * features[batch, c, y, x]
        w_y = weight_of(rows, y)
        for c in range(end_channel - first_channel):
            total[c] += w_y * row[c]
    for c in range(first_channel, end_channel):
        out[k, c, ph, pw] = <floating>total[c - first_channel]
