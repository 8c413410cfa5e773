"""RoIAlign of rotated boxes: the sample points of an upright box are turned about its centre."""

from cython cimport floating

from roikit.cpu._geometry cimport BLOCK, Tap, axis_tap, blend
from roikit.cpu._rotated cimport Bins, Frame, Point, bins_of, frame, row_is_outside, sample_of


def roi_align_rotated(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, sampling_ratio, bint aligned,
):
    """out[k, c, ph, pw] = the average of channel c at the sample points of bin (ph, pw) of rois[k]."""
    cdef Py_ssize_t K = out.shape[0], C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1]
    cdef Py_ssize_t k, block, ph, pw
    cdef Frame box
    cdef Bins bins
    with nogil:
        for k in range(K):
            box = frame(rois, k, spatial_scale, aligned)
            bins = bins_of(box, PH, PW, ratio_y, ratio_x)
            for block in range((C + BLOCK - 1) // BLOCK):
                for ph in range(PH):
                    for pw in range(PW):
                        align_bin(
                            features, out, <Py_ssize_t>rois[k, 0], k,
                            block * BLOCK, min((block + 1) * BLOCK, C), box, bins, ph, pw,
                        )


cdef inline void align_bin(
    const floating[:, :, :, :] features, floating[:, :, :, :] out, Py_ssize_t n, Py_ssize_t k,
    Py_ssize_t first, Py_ssize_t end, Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw,
) noexcept nogil:
    """One bin of one RoI, for a block of channels, which share the samples' neighbours and weights."""
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3], c, iy, ix
    cdef double count = max(<double>bins.count_y * bins.count_x, 1.0)  # samples outside the map stay in it
    cdef double[BLOCK] sums
    cdef Point point
    cdef Tap row, column
    for c in range(first, end):
        sums[c - first] = 0
    for iy in range(bins.count_y):
        if row_is_outside(box, bins, ph, pw, iy, H, W):
            continue
        for ix in range(bins.count_x):
            point = sample_of(box, bins, ph, pw, iy, ix)
            row, column = axis_tap(point.y, H), axis_tap(point.x, W)
            if not (row.inside and column.inside):
                continue
            for c in range(first, end):
                sums[c - first] += blend(
                    features[n, c, row.low, column.low], features[n, c, row.low, column.high],
                    features[n, c, row.high, column.low], features[n, c, row.high, column.high],
                    row.fraction, column.fraction,
                )
    for c in range(first, end):
        out[k, c, ph, pw] = <floating>(sums[c - first] / count)
