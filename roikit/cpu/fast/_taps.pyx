"""Which cells an axis of a RoI taps, as a sparse matrix: out[i] = sum over t of weight[t] * in[cell[t]]."""

from libc.stdint cimport int32_t
from libc.stdlib cimport free, realloc

from roikit.cpu._geometry cimport Axis, Tap, axis_tap, sample_point


cdef class Taps:
    def __dealloc__(self):
        free(self.start)
        free(self.cell)
        free(self.weight)

    cdef int make_room(self, Py_ssize_t outputs, Py_ssize_t taps) except -1:
        cdef void *moved
        if outputs >= self.room_starts:
            moved = realloc(self.start, (2 * outputs + 1) * sizeof(int32_t))
            if moved == NULL:
                raise MemoryError
            self.start = <int32_t *>moved
            self.room_starts = 2 * outputs + 1
        if taps > self.room_taps:
            moved = realloc(self.cell, 2 * taps * sizeof(int32_t))
            if moved == NULL:
                raise MemoryError
            self.cell = <int32_t *>moved
            moved = realloc(self.weight, 2 * taps * sizeof(double))
            if moved == NULL:
                raise MemoryError
            self.weight = <double *>moved
            self.room_taps = 2 * taps
        return 0

    cdef int average(self, Axis axis, Py_ssize_t bins, Py_ssize_t count, Py_ssize_t cells) except -1:
        """out[p] = the average of the `count` samples of bin p; one off the map has no taps, and counts."""
        cdef Py_ssize_t p, i, n = 0, begin
        cdef Tap tap
        for p in range(bins):
            self.make_room(bins, n + 2 * count)
            self.start[p] = begin = n
            for i in range(count):
                tap = axis_tap(sample_point(axis, bins, count, p, i), cells)
                if tap.inside:
                    n = merged(self, begin, n, tap.low, (1 - tap.fraction) / count)
                    n = merged(self, begin, n, tap.high, tap.fraction / count)
        self.make_room(bins, n)
        self.outputs = bins
        self.start[bins] = n
        self.close()
        return 0

    cdef int samples(self, Axis axis, Py_ssize_t bins, Py_ssize_t count, Py_ssize_t cells) except -1:
        """out[p * count + i] = sample i of bin p: two taps, low and high; off the map none."""
        cdef Py_ssize_t p, i, n = 0
        cdef Tap tap
        self.make_room(bins * count, 2 * bins * count)
        for p in range(bins):
            for i in range(count):
                self.start[p * count + i] = n
                tap = axis_tap(sample_point(axis, bins, count, p, i), cells)
                if tap.inside:
                    self.cell[n], self.weight[n] = tap.low, 1 - tap.fraction
                    self.cell[n + 1], self.weight[n + 1] = tap.high, tap.fraction
                    n += 2
        self.outputs = bins * count
        self.start[bins * count] = n
        self.close()
        return 0

    cdef int transpose(self, Taps taps) except -1:
        """The transposed matrix: its outputs are the cells of the window of `taps`."""
        cdef Py_ssize_t n = taps.start[taps.outputs], i, t
        cdef int32_t at
        self.make_room(taps.length + 1, n)
        for i in range(taps.length + 2):
            self.start[i] = 0
        for t in range(n):  # start[i + 2] = how many taps cell i has, then start[i + 1] = where they begin
            self.start[taps.cell[t] + 2] += 1
        for i in range(1, taps.length + 1):
            self.start[i + 1] += self.start[i]
        for i in range(taps.outputs):
            for t in range(taps.start[i], taps.start[i + 1]):
                at = self.start[taps.cell[t] + 1]
                self.start[taps.cell[t] + 1] += 1
                self.cell[at], self.weight[at] = <int32_t>i, taps.weight[t]
        self.outputs, self.first, self.length = taps.length, 0, taps.outputs
        self.depth = deepest(self)
        return 0

    cdef void close(self) noexcept:
        """Find the window, and count the cells from its first."""
        cdef Py_ssize_t t, n = self.start[self.outputs]
        cdef int32_t lowest = 0, highest = -1
        if n:
            lowest = highest = self.cell[0]
        for t in range(n):
            lowest, highest = min(lowest, self.cell[t]), max(highest, self.cell[t])
        for t in range(n):
            self.cell[t] -= lowest
        self.first, self.length = lowest, highest - lowest + 1
        self.depth = deepest(self)


cdef inline Py_ssize_t merged(
    Taps taps, Py_ssize_t begin, Py_ssize_t n, Py_ssize_t cell, double weight
) noexcept:
    """Add a tap to those of one bin, begin <= t < n. Samples go one way: their cells were met just before."""
    cdef Py_ssize_t t
    for t in range(n - 1, max(begin, n - 4) - 1, -1):
        if taps.cell[t] == cell:
            taps.weight[t] += weight
            return n
    taps.cell[n], taps.weight[n] = <int32_t>cell, weight
    return n + 1


cdef inline Py_ssize_t deepest(Taps taps) noexcept:
    cdef Py_ssize_t i, depth = 0
    for i in range(taps.outputs):
        depth = max(depth, taps.start[i + 1] - taps.start[i])
    return depth
