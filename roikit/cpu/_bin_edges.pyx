"""A range of cells becomes bins."""

from libc.stdint cimport int64_t

from roikit.cpu._geometry cimport Range, Rules, bin_range, read_rules


def bin_edges(int64_t length, int64_t[:, :] out, convention):
    """out[p] = start, end of bin p over `length` cells."""
    cdef Py_ssize_t bins = out.shape[0]
    cdef Py_ssize_t p
    cdef Rules rules = read_rules(convention)
    cdef Range edges
    with nogil:
        for p in range(bins):
            edges = bin_range(p, length, bins, &rules)
            out[p, 0], out[p, 1] = edges.start, edges.end
