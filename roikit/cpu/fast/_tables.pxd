"""From the taps of an axis to the tables that passes.h reads."""

from libc.stdint cimport int32_t

from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._taps cimport Taps


cdef extern from "passes.h" nogil:
    ctypedef struct Rows:
        int32_t outputs, depth
        const int32_t *cell
        const void *weight

    ctypedef struct Group:
        int32_t outputs, depth, first, span
        const int32_t *cell
        const void *weight

    ctypedef struct AlignPasses:
        int lanes
        void (*rows_sum)(
            const Rows *, const void *, Py_ssize_t, void *, Py_ssize_t, Py_ssize_t width, int add
        ) noexcept nogil
        void (*columns_sum)(
            const Group *, int32_t, const void *, Py_ssize_t, void *, Py_ssize_t, Py_ssize_t rows, int add
        ) noexcept nogil
        void (*both_sums)(
            const Rows *, const Group *, const void *, Py_ssize_t, void *, Py_ssize_t, Py_ssize_t width,
            int add
        ) noexcept nogil
        void (*columns_largest)(
            const Group *, int32_t, const void *, Py_ssize_t, void *, Py_ssize_t rows
        ) noexcept nogil
        void (*both_largest)(
            const Rows *, int32_t a_bin, const Group *, int32_t, const void *, Py_ssize_t, void *, Py_ssize_t,
            Py_ssize_t width
        ) noexcept nogil
        int (*wild)(const void *, Py_ssize_t, Py_ssize_t rows, Py_ssize_t width) noexcept nogil


# So many vectors of a row are held at once; see pick() in align_passes.h.
cdef enum:
    MOST_VECTORS = 4


cdef inline void put(void *weights, Py_ssize_t i, double weight, bint is_double) noexcept nogil:
    if is_double:
        (<double *>weights)[i] = weight
    else:
        (<float *>weights)[i] = <float>weight


cdef inline Rows rows_of(Taps taps, Arena arena, bint is_double):
    """Each output with as many taps as the deepest."""
    cdef Py_ssize_t i, t, n, size = taps.outputs * taps.depth
    cdef Rows rows
    cdef int32_t *cell = <int32_t *>arena.take(size * sizeof(int32_t))
    cdef void *weight = arena.take(size * (sizeof(double) if is_double else sizeof(float)))
    for i in range(taps.outputs):
        n = taps.start[i + 1] - taps.start[i]
        for t in range(taps.depth):
            cell[i * taps.depth + t] = taps.cell[taps.start[i] + (t if t < n else 0)] if n else 0
            put(weight, i * taps.depth + t, taps.weight[taps.start[i] + t] if t < n else 0, is_double)
    rows.outputs, rows.depth = <int32_t>taps.outputs, <int32_t>taps.depth
    rows.cell, rows.weight = cell, weight
    return rows


cdef inline int32_t group_count(Py_ssize_t outputs, int lanes) noexcept:
    return <int32_t>((outputs + lanes - 1) // lanes)


cdef inline Group *groups_of(
    Taps taps, Py_ssize_t joined, Py_ssize_t depth, int lanes, Arena arena, bint is_double
) except NULL:
    """Columns, `lanes` at a time; lane l has the taps of `joined` outputs, from l * joined on.

    `depth` is the least depth of a group: taps that a lane lacks have the weight 0.
    """
    cdef Py_ssize_t columns = taps.outputs // joined, g
    cdef int32_t count = group_count(columns, lanes)
    cdef Group *groups = <Group *>arena.take(count * sizeof(Group))
    for g in range(count):
        groups[g].outputs = <int32_t>min(lanes, columns - g * lanes)
        groups[g].depth = <int32_t>depth
        fill_group(&groups[g], taps, g * lanes, joined, lanes, arena, is_double)
    return groups


cdef inline int fill_group(
    Group *group, Taps taps, Py_ssize_t column, Py_ssize_t joined, int lanes, Arena arena, bint is_double
) except -1:
    cdef Py_ssize_t lane, t, n, begin
    cdef int32_t lowest = 2147483647, highest = -1
    cdef int32_t *cell
    cdef void *weight
    for lane in range(group.outputs):
        begin = taps.start[(column + lane) * joined]
        n = taps.start[(column + lane + 1) * joined] - begin
        group.depth = max(group.depth, <int32_t>n)
        for t in range(begin, begin + n):
            lowest, highest = min(lowest, taps.cell[t]), max(highest, taps.cell[t])
    if taps.length <= MOST_VECTORS * lanes:  # held in vectors, for all groups alike
        lowest, highest = 0, <int32_t>taps.length - 1
    group.first = lowest if highest >= 0 else 0
    group.span = highest - lowest + 1 if highest >= 0 else 0

    cell = <int32_t *>arena.take(group.depth * lanes * sizeof(int32_t))
    weight = arena.take(group.depth * lanes * (sizeof(double) if is_double else sizeof(float)))
    for lane in range(lanes):
        begin = n = 0
        if lane < group.outputs:
            begin = taps.start[(column + lane) * joined]
            n = taps.start[(column + lane + 1) * joined] - begin
        for t in range(group.depth):
            cell[t * lanes + lane] = taps.cell[begin + t] - group.first if t < n else 0
            put(weight, t * lanes + lane, taps.weight[begin + t] if t < n else 0, is_double)
    group.cell, group.weight = cell, weight
    return 0
