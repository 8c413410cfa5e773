"""Bins of precise pooling, cut at the cells; same names, same order of operations as in
``roikit/reference/precise_roi_pool.py``."""

from libc.math cimport floor
from libc.stdint cimport int64_t

from roikit.cpu._geometry cimport Axis

cdef struct Bin:
    # One axis of a bin, in cells; it reaches the cells first <= i < end of the map.
    double start
    double size
    Py_ssize_t first
    Py_ssize_t end

cdef struct Piece:
    # What of a bin lies from cell i to cell i + 1.
    double size
    double share
    double middle
    double before

cdef struct Moves:
    # How a cell's weight changes with the start and with the end of the box.
    double by_start
    double by_end


cdef inline Axis precise_axis(double start, double end, double spatial_scale) noexcept nogil:
    """Start and size, in cells, of one axis of a box; a reversed box is empty."""
    cdef Axis axis
    axis.start = start * spatial_scale
    axis.size = max(end * spatial_scale - axis.start, 0.0)
    return axis


cdef inline Bin precise_bin(Axis axis, Py_ssize_t p, Py_ssize_t bins, Py_ssize_t length) noexcept nogil:
    """Bin p, and the cells at either end of its pieces."""
    cdef Bin along
    cdef int64_t first, last
    along.size = axis.size / bins
    along.start = axis.start + p * along.size
    first, last = <int64_t>floor(along.start), <int64_t>floor(along.start + along.size)
    if not piece_at(along, last).size > 0:  # the bin ends on the cell itself
        last -= 1
    along.first = min(max(first, 0), length)
    along.end = min(max(last + 2, 0), length) if along.size > 0 else along.first
    return along


cdef inline Piece piece_at(Bin along, double i) noexcept nogil:
    """The piece from cell i to cell i + 1; exact also of a tiny bin, and of one far larger than the map."""
    cdef Piece piece
    piece.before = min(max(i - along.start, 0.0), along.size)  # what of the bin lies before cell i
    piece.size = max(min(min(i + 1 - along.start, 1.0), along.size - piece.before), 0.0)
    piece.share = piece.size / along.size if along.size > 0 else 0.0
    piece.middle = max(along.start - i, 0.0) + piece.size / 2
    return piece


cdef inline double weight_of(Bin along, double i) noexcept nogil:
    """What cell i weighs: something of the piece behind it, and of the one before it."""
    cdef Piece behind = piece_at(along, i), ahead = piece_at(along, i - 1)
    return behind.share * (1 - behind.middle) + ahead.share * ahead.middle


cdef inline double part_of_box(Bin along, Piece piece, double p, double bins) noexcept nogil:
    """Where a piece's middle is in the box: 0 at its start, 1 at its end."""
    return (p + (piece.before + piece.size / 2) / along.size) / bins


cdef inline Moves moves_of(Bin along, double i, double p, double bins) noexcept nogil:
    """The derivatives of the weight of cell i by the start and by the end of the box, whose bin p this is."""
    cdef Piece behind = piece_at(along, i), ahead = piece_at(along, i - 1)
    cdef double t = part_of_box(along, behind, p, bins), s = part_of_box(along, ahead, p, bins)
    return Moves(ahead.share * (1 - s) - behind.share * (1 - t), ahead.share * s - behind.share * t)
