"""Memory for the many small tables of a plan: taken piece by piece, given back all at once."""

from cpython.bytearray cimport PyByteArray_AS_STRING


cdef class Arena:
    def __cinit__(self):
        self.blocks = []

    cdef void *take(self, size_t size) except NULL:
        """`size` bytes, aligned to a cache line; a MemoryError where there are none."""
        cdef char *start
        size = (size + 64) // 64 * 64
        if size > self.left:
            block = bytearray(max(size, 1 << 16) + 64)
            self.blocks.append(block)
            start = PyByteArray_AS_STRING(block)
            self.free = start + (64 - <size_t>start % 64) % 64
            self.left = max(size, 1 << 16)
        start = self.free
        self.free += size
        self.left -= size
        self.taken += size
        return start
