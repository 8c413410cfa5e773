"""Deformable RoI pooling: aligned average RoIAlign, each bin of which is shifted by an offset of its own."""

from cython cimport floating

from roikit.cpu._deform cimport Side, shifted_point, side
from roikit.cpu._geometry cimport BLOCK, Tap, axis_tap, blend


def deform_roi_pool(
    const floating[:, :, :, :] features, const double[:, :] rois, const double[:, :, :, :] offset,
    floating[:, :, :, :] out, double spatial_scale, sampling_ratio, double gamma,
):
    """out[k, c, ph, pw] = average of channel c at the shifted sample points of bin (ph, pw) of rois[k]."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Py_ssize_t k, block, ph, pw
    cdef Side rows, columns
    with nogil:
        for k in range(K):
            rows = side(rois[k, 2], rois[k, 4], spatial_scale, PH, ratio_y)
            columns = side(rois[k, 1], rois[k, 3], spatial_scale, PW, ratio_x)
            for block in range((C + BLOCK - 1) // BLOCK):
                for ph in range(PH):
                    for pw in range(PW):
                        pool_bin(
                            features, out, <Py_ssize_t>rois[k, 0], k,
                            block * BLOCK, min((block + 1) * BLOCK, C), rows, columns, ph, pw,
                            gamma, offset[k, 1, ph, pw], offset[k, 0, ph, pw],
                        )


cdef inline void pool_bin(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t n, Py_ssize_t k,
    Py_ssize_t first, Py_ssize_t end, Side rows, Side columns, Py_ssize_t ph, Py_ssize_t pw,
    double gamma, double along_y, double along_x,
) noexcept nogil:
    """One bin of one RoI, for a block of channels, which share the samples' neighbours and weights."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], c, iy, ix
    cdef double count = max(<double>rows.count * columns.count, 1.0)  # samples outside the map stay in it
    cdef double[BLOCK] sums
    cdef Tap row, column
    for c in range(first, end):
        sums[c - first] = 0
    for iy in range(rows.count):
        row = axis_tap(shifted_point(rows, ph, iy, gamma, along_y), H)
        if not row.inside:
            continue
        for ix in range(columns.count):
            column = axis_tap(shifted_point(columns, pw, ix, gamma, along_x), W)
            if not column.inside:
                continue
            for c in range(first, end):
                sums[c - first] += blend(
                    features[n, c, row.low, column.low], features[n, c, row.low, column.high],
                    features[n, c, row.high, column.low], features[n, c, row.high, column.high],
                    row.fraction, column.fraction,
                )
    for c in range(first, end):
        out[k, c, ph, pw] = <floating>(sums[c - first] / count)
