"""Memory for the many small tables of a plan: taken piece by piece, given back all at once."""


cdef class Arena:
    cdef list blocks
    cdef char *free
    cdef size_t left
    cdef readonly size_t taken  # bytes, so far

    cdef void *take(self, size_t size) except NULL
