"""From the bins of an axis to the tables that pool.h reads."""

from libc.stdint cimport int32_t
from libc.stdlib cimport free, malloc

from roikit.cpu._geometry cimport Range, Region, Rules, bin_cells, clip_range
from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._tables cimport Group
from roikit.cpu.fast._taps cimport Taps


cdef class Cut(Taps):
    def __dealloc__(self):
        free(self.whole)

    cdef int cut(self, Region region, Py_ssize_t bins, const Rules *rules, Py_ssize_t cells) except -1:
        cdef Py_ssize_t p, i, n = 0, taken
        cdef Range bin, on_map
        if self.whole == NULL:  # every axis of a plan has as many bins
            self.whole = <double *>malloc(bins * sizeof(double))
            if self.whole == NULL:
                raise MemoryError
        self.any_odd = False
        self.make_room(bins, 0)
        for p in range(bins):
            bin = bin_cells(p, region, bins, rules)
            on_map = clip_range(bin, cells)
            taken = max(on_map.end - on_map.start, 0)
            self.whole[p] = <double>(bin.end - bin.start)
            self.make_room(bins, n + taken)
            self.start[p] = <int32_t>n
            for i in range(on_map.start, on_map.end):
                self.cell[n] = <int32_t>i
                self.weight[n] = 1 / (self.whole[p] if rules.outside_is_zero else taken)
                n += 1
            self.any_odd |= taken == 0 or (rules.outside_is_zero and taken != self.whole[p])
        self.outputs = bins
        self.start[bins] = <int32_t>n
        self.close()
        return 0

    cdef Py_ssize_t taken(self, Py_ssize_t p) noexcept:
        return self.start[p + 1] - self.start[p]


cdef const int32_t *repeated_rows(Cut cut, Arena arena) except NULL:
    """Each bin's cells; one with fewer than the deepest repeats its first, one with none has the window's."""
    cdef Py_ssize_t p, t, n
    cdef int32_t *cell = <int32_t *>arena.take(cut.outputs * cut.depth * sizeof(int32_t))
    for p in range(cut.outputs):
        n = cut.taken(p)
        for t in range(cut.depth):
            cell[p * cut.depth + t] = cut.cell[cut.start[p] + (t if t < n else 0)] if n else 0
    return cell


cdef Group *repeated_columns(Cut cut, Py_ssize_t count, int lanes, bint joined, Arena arena) except NULL:
    """The same for columns, `lanes` at a time; joined: twice, the second time from a second vector."""
    cdef Py_ssize_t g, lane, p, t, n, begin
    cdef Py_ssize_t lowest, highest, columns
    cdef int32_t *cell
    cdef Group *groups = <Group *>arena.take(count * sizeof(Group))
    for g in range(count):
        begin, columns = g * lanes, min(lanes, cut.outputs - g * lanes)
        groups[g].outputs, groups[g].depth = <int32_t>(columns * (2 if joined else 1)), 1
        lowest, highest = cut.length - 1, 0
        for p in range(begin, begin + columns):
            n = cut.taken(p)
            groups[g].depth = max(groups[g].depth, <int32_t>n)
            for t in range(cut.start[p], cut.start[p + 1]):
                lowest, highest = min(lowest, cut.cell[t]), max(highest, cut.cell[t])
        lowest = min(lowest, highest)  # or the group has no cells, and any will do
        groups[g].first, groups[g].span = <int32_t>lowest, <int32_t>(highest - lowest + 1)
        cell = <int32_t *>arena.take(groups[g].depth * lanes * sizeof(int32_t))
        for lane in range(lanes):
            p = begin + lane % columns
            n = cut.taken(p)
            for t in range(groups[g].depth):
                cell[t * lanes + lane] = <int32_t>(
                    (cut.cell[cut.start[p] + (t if t < n else 0)] - lowest if n else 0)
                    + (lanes if joined and lane >= columns else 0)
                )
        groups[g].cell = cell
    return groups
