"""From the bins of an axis to the tables that pool.h reads."""

from libc.stdint cimport int32_t

from roikit.cpu._geometry cimport Region, Rules
from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._tables cimport Group
from roikit.cpu.fast._taps cimport Taps


cdef class Cut(Taps):
    """One axis of a RoI, cut into bins: each taps its cells on the map, with the weight 1 / cells."""

    cdef double *whole  # cells of each bin, those off the map included
    cdef bint any_odd  # a bin has no cells, or some off the map that count

    cdef int cut(self, Region region, Py_ssize_t bins, const Rules *rules, Py_ssize_t cells) except -1
    cdef Py_ssize_t taken(self, Py_ssize_t p) noexcept


cdef const int32_t *repeated_rows(Cut cut, Arena arena) except NULL
cdef Group *repeated_columns(Cut cut, Py_ssize_t count, int lanes, bint joined, Arena arena) except NULL
