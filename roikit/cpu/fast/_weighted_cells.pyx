"""Bins as sums of weighted cells, by the passes of weighted_cells.h."""

from cython cimport floating
from libc.stdint cimport int32_t, uint8_t
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._tables cimport put
from roikit.cpu.fast._writing cimport ADD, WRITE, end_stream, how_to_write


cdef extern from "memory.h" nogil:
    void *large_memory(size_t size)

cdef enum:
    PAGE = 32  # touched cells are found in pages of so many
    MOST_TAPS = 1 << 20  # of a RoI
    MOST_EMPTY = 8  # cells for a tap, where all cells are written
    NARROW_BLOCK = 16  # so few channels take half of a block's room


cdef class WeightedCells:
    def __cinit__(
        self, cells, bins, bint is_double, bint runs, bint gradient, Py_ssize_t most_taps, int level,
        Py_ssize_t moves=0,
    ):
        """For maps of (groups, H, W) cells and RoIs of (PH, PW) bins. `runs`: channels lie side by side."""
        self.groups, self.H, self.W = cells
        self.PH, self.PW = bins
        self.is_double, self.runs, self.gradient, self.most_taps = is_double, runs, gradient, most_taps
        self.moves = moves
        self.passes = weighted_passes(level, is_double)

    def __dealloc__(self):
        for i in range(ALL_KEPT):
            free(self.kept[i])

    cdef void *room(self, int which, size_t size) except NULL nogil:
        """Memory that keeps what it held; a MemoryError where there is none."""
        cdef void *larger
        if size >= self.sizes[which]:
            larger = scratch(2 * size + 64)
            if self.sizes[which]:
                memcpy(larger, self.kept[which], self.sizes[which])
            free(self.kept[which])
            self.kept[which], self.sizes[which] = larger, 2 * size + 64
        return self.kept[which]

    def clear(self):
        """Begin anew."""
        self.rois = self.bins = self.taps = 0
        self.any_constant = self.distinct = False

    cdef bint begin(self, double count) except -1 nogil:
        """Room for a RoI of so many taps; False where the table is full, or could never hold it."""
        cdef Py_ssize_t bins = self.bins + self.PH * self.PW, taps
        if count > MOST_TAPS:
            return False
        taps = <Py_ssize_t>count
        if self.rois and bins + self.taps + taps > self.most_taps:
            return False
        self.start = <int32_t *>self.room(START, (bins + 1) * sizeof(int32_t))
        self.constant = <double *>self.room(CONSTANT, bins * sizeof(double))
        self.cell = <int32_t *>self.room(CELL, (self.taps + taps) * sizeof(int32_t))
        self.weight = <double *>self.room(WEIGHT, (self.taps + taps) * max(self.moves, 1) * sizeof(double))
        self.start[self.bins] = <int32_t>self.taps
        self.rois += 1
        return True

    def close(self):
        """The matrix from what was filled in: from the cells to the bins; of a gradient back to the cells.

        Of moves the taps stay as they are.
        """
        cdef Py_ssize_t t
        with nogil:
            self.lowest = self.highest = self.cell[0] if self.taps else 0
            for t in range(self.taps):
                self.lowest, self.highest = min(self.lowest, self.cell[t]), max(self.highest, self.cell[t])
            self.top, self.bottom = 0, self.H
            if self.groups == 1:
                self.top, self.bottom = self.lowest // self.W, self.highest // self.W + 1
            self.touched_cell = NULL
            self.whole = (
                self.runs and self.gradient and not self.used and self.H * self.W <= MOST_EMPTY * self.taps
            )
            self.used = True
            if self.whole:
                self.touched = self.H * self.W
            elif not self.runs or not self.distinct or self.gradient:
                self.find_touched()
            if not self.distinct:
                self.merge()
            if self.gradient:
                self.to_cells()
            elif self.moves:
                self.matrix.start, self.matrix.tap = self.start, self.cell
            else:
                self.to_bins()

    cdef int find_touched(self) except -1 nogil:
        """Count the cells among those that are touched."""
        cdef Py_ssize_t t, i, page, pages = (self.highest - self.lowest) // PAGE + 1, used = 0
        cdef int32_t *page_of = <int32_t *>self.room(PAGES, pages * sizeof(int32_t))
        cdef int32_t *index
        memset(page_of, 0, pages * sizeof(int32_t))
        for t in range(self.taps):
            page_of[(self.cell[t] - self.lowest) // PAGE] = 1
        for page in range(pages):
            used += page_of[page]
            page_of[page] *= <int32_t>used * PAGE  # from 1 on: 0 is a page that is not used
        index = <int32_t *>self.room(INDEX, (used + 1) * PAGE * sizeof(int32_t))
        memset(index, 0, (used + 1) * PAGE * sizeof(int32_t))
        for t in range(self.taps):
            i = self.cell[t] - self.lowest
            index[page_of[i // PAGE] + i % PAGE] = 1
        self.touched_cell = <int32_t *>self.room(TOUCHED, (used + 1) * PAGE * sizeof(int32_t))
        self.touched = 0
        for page in range(pages):
            if page_of[page]:
                for i in range(PAGE):
                    if index[page_of[page] + i]:
                        index[page_of[page] + i] = <int32_t>self.touched
                        self.touched_cell[self.touched] = <int32_t>(self.lowest + page * PAGE + i)
                        self.touched += 1
        for t in range(self.taps):
            i = self.cell[t] - self.lowest
            self.cell[t] = index[page_of[i // PAGE] + i % PAGE]
        return 0

    cdef int merge(self) except -1 nogil:
        """Of the taps of a bin on the same cell one is left."""
        cdef Py_ssize_t bin, t, first, begin, end = 0, n = 0, i, numbers = max(self.moves, 1)
        cdef int32_t *last = <int32_t *>self.room(LAST, self.touched * sizeof(int32_t))
        cdef int32_t at
        for t in range(self.touched):
            last[t] = -1
        for bin in range(self.bins):
            begin, end, first = end, self.start[bin + 1], n
            for t in range(begin, end):
                at = last[self.cell[t]]
                if at >= first:
                    for i in range(numbers):
                        self.weight[at * numbers + i] += self.weight[t * numbers + i]
                else:
                    last[self.cell[t]] = <int32_t>n
                    self.cell[n] = self.cell[t]
                    for i in range(numbers):
                        self.weight[n * numbers + i] = self.weight[t * numbers + i]
                    n += 1
            self.start[bin + 1] = <int32_t>n
        self.taps = n
        return 0

    cdef int to_bins(self) except -1 nogil:
        cdef void *weight = self.room(ROUNDED, self.taps * sizeof(double))
        cdef Py_ssize_t t
        for t in range(self.taps):
            put(weight, t, self.weight[t], self.is_double)
        self.matrix.start, self.matrix.tap, self.matrix.weight = self.start, self.cell, weight
        self.matrix.from_ = self.touched_cell if self.runs else NULL
        return 0

    cdef int to_cells(self) except -1 nogil:
        """The transpose of it."""
        cdef int32_t *start = <int32_t *>self.room(BACK_START, (self.touched + 2) * sizeof(int32_t))
        cdef int32_t *bins = <int32_t *>self.room(BACK_BIN, self.taps * sizeof(int32_t))
        cdef void *weight = self.room(ROUNDED, self.taps * sizeof(double))
        cdef Py_ssize_t bin, t, i
        cdef int32_t at
        memset(start, 0, (self.touched + 2) * sizeof(int32_t))
        # start[i + 2] = how many taps cell i has, then start[i + 1] = where they begin
        for t in range(self.taps):
            start[self.cell[t] + 2] += 1
        for i in range(1, self.touched + 1):
            start[i + 1] += start[i]
        for bin in range(self.bins):
            for t in range(self.start[bin], self.start[bin + 1]):
                at = start[self.cell[t] + 1]
                start[self.cell[t] + 1] += 1
                bins[at] = <int32_t>bin
                put(weight, at, self.weight[t], self.is_double)
        self.matrix.start, self.matrix.tap, self.matrix.weight = start, bins, weight
        self.matrix.from_ = NULL
        return 0

    def forward(
        self, const floating[:, :, :, :] maps, Py_ssize_t first_row, floating[:, :, :, :] out,
        const Py_ssize_t[:] rows, uint8_t[:, :] wild, bint apart,
    ) -> int:
        """RoI i of the table into out[rows[i]], from maps (C, groups, rows from first_row on, W).

        wild[i, block] = 1 where a number of that block of channels is not tame: none of them counts then. The
        answer is the size of a block: all channels, where those of a cell lie side by side.
        """
        cdef Py_ssize_t C = maps.shape[0], each = self.PH * self.PW, block, c, i, n
        cdef Py_ssize_t size = max(C, 1) if self.runs else self.passes.block
        cdef Py_ssize_t stride = packed_stride(self, C)
        cdef int how = how_to_write(out, apart, channels_second=True)
        cdef Arena arena = Arena()
        cdef Items cells, bins = bin_items(self, out, rows, arena)
        cdef const double *constant = self.constant if self.any_constant else NULL
        cdef const floating *run
        cdef floating *packed = NULL
        self.same_type(sizeof(floating))
        if self.runs:
            stride = run_step(maps, maps.strides[0], self.H, self.W)
            run = &maps[0, 0, 0, 0] - first_row * self.W * stride
        else:
            cells = cell_items(self, maps, first_row, arena)
            run = packed = <floating *>scratch(self.touched * stride * sizeof(floating))
        with nogil:
            for block in range((C + size - 1) // size):
                c = block * size
                n = min(size, C - c)
                if not self.runs:
                    cells.first = <void *>&maps[c, 0, 0, 0]
                    self.passes.pack(&cells, 0, self.touched, n, packed, stride)
                bins.first = &out[0, c, 0, 0]
                for i in range(self.rois):
                    wild[i, block] = self.passes.sums(
                        &self.matrix, i * each, (i + 1) * each, constant, run, stride, &bins, n, how
                    )
        end_stream()
        free(packed)
        return size

    def backward(
        self, const floating[:, :, :, :] grad, const Py_ssize_t[:] rows, floating[:, :, :, :] maps,
        uint8_t[:, :] wild, Py_ssize_t part, Py_ssize_t parts,
    ):
        """Add to a part of the maps (C, groups, H, W) what RoI i gives back of grad[rows[i]].

        wild[i, c] = 1 where that block of channels, from c on, is wild in grad: it gives nothing.
        """
        cdef Py_ssize_t C = maps.shape[0], each = self.PH * self.PW, block, c, i, n
        cdef Py_ssize_t size = self.passes.block, stride = packed_stride(self, C)
        cdef Py_ssize_t begin = self.touched * part // parts, end = self.touched * (part + 1) // parts
        cdef Arena arena = Arena()
        cdef Items cells = cell_items(self, maps, 0, arena), bins = bin_items(self, grad, rows, arena)
        cdef floating *packed
        self.same_type(sizeof(floating))
        packed = <floating *>scratch(self.bins * stride * sizeof(floating))
        with nogil:
            for block in range((C + size - 1) // size):
                c = block * size
                n = min(size, C - c)
                bins.first = <void *>&grad[0, c, 0, 0]
                for i in range(self.rois):
                    wild[i, c] = self.passes.pack(&bins, i * each, (i + 1) * each, n, packed, stride)
                    if wild[i, c]:
                        memset(packed + i * each * stride, 0, each * stride * sizeof(floating))
                cells.first = &maps[c, 0, 0, 0]
                self.passes.sums(&self.matrix, begin, end, NULL, packed, stride, &cells, n, ADD)
        free(packed)

    def backward_runs(
        self, const floating[:, :, :, :] grad, const Py_ssize_t[:] rows, floating[:, :, :, :] maps,
        Py_ssize_t part, Py_ssize_t parts,
    ) -> bool:
        """The same where the channels of a cell, and of a bin, lie side by side, and bins at equal steps.

        The answer is whether any sum is wild: none of them counts then.
        """
        cdef Py_ssize_t begin = self.touched * part // parts, end = self.touched * (part + 1) // parts
        cdef Py_ssize_t step = run_step(grad, grad.strides[1], self.PH, self.PW), each = self.PH * self.PW, i
        cdef Py_ssize_t cell = run_step(maps, maps.strides[0], self.H, self.W)
        cdef Arena arena = Arena()
        cdef int32_t *place = <int32_t *>arena.take(self.bins * sizeof(int32_t))
        cdef Py_ssize_t *cells = <Py_ssize_t *>arena.take((end - begin) * sizeof(Py_ssize_t))
        cdef Items items = Items(&maps[0, 0, 0, 0], 1, cells - begin)
        cdef Matrix matrix = self.matrix
        cdef bint wild
        self.same_type(sizeof(floating))
        for i in range(self.bins):
            place[i] = <int32_t>(rows[i // each] * each + i % each)
        for i in range(begin, end):
            cells[i - begin] = cell * (i if self.whole else self.touched_cell[i])
        matrix.from_ = place
        with nogil:
            wild = self.passes.sums(
                &matrix, begin, end, NULL, &grad[0, 0, 0, 0], step, &items, maps.shape[0],
                WRITE if self.whole else ADD,
            )
        return wild

    cdef int same_type(self, size_t itemsize) except -1:
        if self.is_double != (itemsize == sizeof(double)):
            raise TypeError("this table is for arrays of another type")
        return 0


cdef Py_ssize_t run_step(
    const floating[:, :, :, :] values, Py_ssize_t channel, Py_ssize_t height, Py_ssize_t width
) except -1:
    """How many numbers it is from a cell, or a bin, to the next, where channels lie side by side.

    NumPy may give any step for an axis of one: a single bin is as far from the next as a RoI is.
    """
    cdef Py_ssize_t step = values.strides[3]
    if width == 1:
        step = values.strides[2] if height > 1 else values.strides[0]
    if channel != sizeof(floating) or (height > 1 and values.strides[2] != width * step):
        raise ValueError("this table is for arrays with the channels last")
    return step // <Py_ssize_t>sizeof(floating)


cdef Py_ssize_t packed_stride(WeightedCells table, Py_ssize_t C) noexcept:
    return NARROW_BLOCK if C <= NARROW_BLOCK else table.passes.block


cdef void *scratch(size_t size) except NULL nogil:
    cdef void *memory = large_memory(size)
    if memory == NULL:
        with gil:
            raise MemoryError
    return memory


cdef Items cell_items(
    WeightedCells table, const floating[:, :, :, :] maps, Py_ssize_t first_row, Arena arena
) except *:
    """The cells that are touched, in maps that begin with a row of the whole."""
    cdef Py_ssize_t group = maps.strides[1] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t row = maps.strides[2] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t column = maps.strides[3] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t *place = <Py_ssize_t *>arena.take(table.touched * sizeof(Py_ssize_t))
    cdef int32_t j, y, x, plane = <int32_t>(table.H * table.W), W = <int32_t>table.W
    for j in range(table.touched):
        y = table.touched_cell[j] % plane // W
        x = table.touched_cell[j] % W
        place[j] = table.touched_cell[j] // plane * group + (y - first_row) * row + x * column
    return Items(NULL, maps.strides[0] // <Py_ssize_t>sizeof(floating), place)


cdef Items bin_items(
    WeightedCells table, const floating[:, :, :, :] values, const Py_ssize_t[:] rows, Arena arena
) except *:
    """The bins of the RoIs, in values (K, C, PH, PW) where these are their rows."""
    cdef Py_ssize_t roi = values.strides[0] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t row = values.strides[2] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t column = values.strides[3] // <Py_ssize_t>sizeof(floating)
    cdef Py_ssize_t *place = <Py_ssize_t *>arena.take(table.bins * sizeof(Py_ssize_t))
    cdef Py_ssize_t i, ph, pw, n = 0
    for i in range(table.rois):
        for ph in range(table.PH):
            for pw in range(table.PW):
                place[n] = rows[i] * roi + ph * row + pw * column
                n += 1
    return Items(NULL, values.strides[1] // <Py_ssize_t>sizeof(floating), place)
