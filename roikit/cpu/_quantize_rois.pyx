"""Boxes in image pixels become ranges of whole cells."""

from libc.stdint cimport int64_t

from roikit.cpu._geometry cimport Region, Rules, quantize_axis, read_rules


def quantize_rois(const double[:, :] rois, int64_t[:, :] out, double spatial_scale, convention):
    """out[k] = batch index, x1, y1, x2, y2 of rois[k] in cells."""
    cdef Py_ssize_t K = rois.shape[0]
    cdef Py_ssize_t k
    cdef Rules rules = read_rules(convention)
    cdef Region rows, columns
    with nogil:
        for k in range(K):
            columns = quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, &rules)
            rows = quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, &rules)
            out[k, 0] = <int64_t>rois[k, 0]
            out[k, 1], out[k, 2] = <int64_t>columns.start, <int64_t>rows.start
            out[k, 3], out[k, 4] = <int64_t>columns.end, <int64_t>rows.end
