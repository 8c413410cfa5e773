"""RoIAlign on maps with the channels last (NHWC), by the passes of channels.h."""

from cython cimport floating
from libc.stdint cimport int32_t, uint8_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from roikit.cpu._geometry cimport Axis, sample_count, scale_axis
from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._channels cimport Cells, ChannelPasses, Matrix, cells_at, channel_passes
from roikit.cpu.fast._tables cimport put
from roikit.cpu.fast._taps cimport Taps
from roikit.cpu.fast._writing cimport ADD, LARGEST, end_stream, how_to_write


cdef int32_t *tapped(Taps taps, Arena arena, int32_t *count) except NULL:
    """The cells that are tapped, in order; the taps become indices into them."""
    cdef Py_ssize_t t, i
    cdef int32_t *cells = <int32_t *>arena.take(taps.length * sizeof(int32_t))
    cdef int32_t *index = <int32_t *>arena.take(taps.length * sizeof(int32_t))
    for i in range(taps.length):
        index[i] = -1
    for t in range(taps.start[taps.outputs]):
        index[taps.cell[t]] = 0
    count[0] = 0
    for i in range(taps.length):
        if index[i] == 0:
            cells[count[0]], index[i] = <int32_t>i, count[0]
            count[0] += 1
    for t in range(taps.start[taps.outputs]):
        taps.cell[t] = index[taps.cell[t]]
    taps.length = count[0]
    return cells


cdef int32_t *counted(Py_ssize_t n, Py_ssize_t joined, Arena arena) except NULL:
    """0, 1, 2 ... each so many times."""
    cdef int32_t *cells = <int32_t *>arena.take(n * sizeof(int32_t))
    for i in range(n):
        cells[i] = <int32_t>(i // joined)
    return cells


cdef int fill(
    Matrix *matrix, Taps taps, Py_ssize_t joined, Arena arena, bint is_double, Taps transposed
) except -1:
    """From the window's cells to the bins; or, transposed not None, back."""
    cdef Taps kept = taps if transposed is None else transposed
    cdef Py_ssize_t n = taps.start[taps.outputs], t
    cdef int32_t *start
    cdef int32_t *tap
    cdef void *weight
    matrix.from_ = tapped(taps, arena, &matrix.inputs)
    matrix.to = counted(taps.outputs, joined, arena)
    if transposed is not None:
        transposed.transpose(taps)
        matrix.from_, matrix.to = matrix.to, matrix.from_
        matrix.inputs = <int32_t>taps.outputs
    matrix.outputs, matrix.joined = <int32_t>kept.outputs, <int32_t>joined
    start = <int32_t *>arena.take((kept.outputs + 1) * sizeof(int32_t))
    tap = <int32_t *>arena.take(n * sizeof(int32_t))
    weight = arena.take(n * (sizeof(double) if is_double else sizeof(float)))
    memcpy(start, kept.start, (kept.outputs + 1) * sizeof(int32_t))
    memcpy(tap, kept.cell, n * sizeof(int32_t))
    for t in range(n):
        put(weight, t, kept.weight[t], is_double)
    matrix.start, matrix.tap, matrix.weight = start, tap, weight
    return 0


cdef struct Region:
    # One RoI: the window of the map that it reads, and its matrices.
    Py_ssize_t k, top, left, height, width
    Matrix y, x


cdef class AlignPlan:
    """Tables of the RoIs `order` (rows of `rois`), as `_roi_align.Plan` has them."""

    cdef const ChannelPasses *passes
    cdef Arena arena
    cdef Region *regions
    cdef readonly Py_ssize_t count
    cdef readonly Py_ssize_t top, bottom, left, right, covered
    cdef Py_ssize_t inputs
    cdef bint is_double, average

    def __cinit__(
        self, const double[:, :] rois, const Py_ssize_t[:] order, cells, bins, double spatial_scale,
        sampling_ratio, bint aligned, str mode, bint gradient, bint is_double, size_t most_bytes, int level,
    ):
        cdef Py_ssize_t i, k, down, across
        cdef Taps y_taps = Taps(), x_taps = Taps(), transposed = Taps() if gradient else None
        cdef Region *region
        cdef Axis y_axis, x_axis
        self.passes = channel_passes(level, is_double)
        self.arena = Arena()
        self.is_double, self.average = is_double, mode == "avg"
        self.regions = <Region *>self.arena.take(order.shape[0] * sizeof(Region))
        self.top, self.left = cells
        for i in range(order.shape[0]):
            if i and self.arena.taken > most_bytes:
                break
            region, k = &self.regions[i], order[i]
            region.k = k
            y_axis = scale_axis(rois[k, 2], rois[k, 4], spatial_scale, aligned)
            x_axis = scale_axis(rois[k, 1], rois[k, 3], spatial_scale, aligned)
            down = sample_count(y_axis.size, bins[0], sampling_ratio[0])
            across = sample_count(x_axis.size, bins[1], sampling_ratio[1])
            if self.average:
                y_taps.average(y_axis, bins[0], down, cells[0])
                x_taps.average(x_axis, bins[1], across, cells[1])
                down = across = 1
            else:
                y_taps.samples(y_axis, bins[0], down, cells[0])
                x_taps.samples(x_axis, bins[1], across, cells[1])
            self.add(region, y_taps, x_taps, transposed, down, across)
            self.count += 1
        if self.covered == 0:  # no window at all: any cell will do
            self.top = self.left = 0
            self.bottom = self.right = 1

    cdef int add(
        self, Region *region, Taps y_taps, Taps x_taps, Taps transposed, Py_ssize_t down, Py_ssize_t across
    ) except -1:
        region.top, region.height = y_taps.first, y_taps.length
        region.left, region.width = x_taps.first, x_taps.length
        if region.height == 0 or region.width == 0:
            region.height = region.width = 0
            return 0
        self.top, self.bottom = min(self.top, region.top), max(self.bottom, region.top + region.height)
        self.left, self.right = min(self.left, region.left), max(self.right, region.left + region.width)
        self.covered += region.height * region.width
        fill(&region.y, y_taps, down, self.arena, self.is_double, transposed)
        fill(&region.x, x_taps, across, self.arena, self.is_double, transposed)
        self.inputs = max(self.inputs, region.x.inputs)
        return 0

    def forward(
        self, const floating[:, :, :] map, floating[:, :, :, :] out, uint8_t[:, :] wild, Py_ssize_t begin,
        Py_ssize_t end, bint packed,
    ):
        """The RoIs begin <= i < end into out[k], or packed into out[i - begin], each (PH, PW, C).

        `map` is rows top <= y < bottom and columns left <= x < right. wild[i - begin, 0] = 1 where a
        result is not tame: no number of out[k] counts then.
        """
        cdef Py_ssize_t C = map.shape[2], i, k
        cdef Cells part = cells_at(&map[0, 0, 0], map.strides[0], map.strides[1]), window, bins
        cdef Region *region
        cdef int how = how_to_write(out, packed) if self.average else LARGEST
        cdef void *scratch = self.new_scratch(sizeof(floating))
        with nogil:
            for i in range(begin, end):
                region = &self.regions[i]
                k = i - begin if packed else region.k
                if region.height == 0:
                    out[k, :, :, :] = 0
                    continue
                window = part
                window.first = (
                    <floating *>part.first + (region.top - self.top) * part.row
                    + (region.left - self.left) * part.column
                )
                bins = cells_at(&out[k, 0, 0, 0], out.strides[1], out.strides[2])
                wild[i - begin, 0] = self.passes.apply(
                    &region.y, &region.x, &window, &bins, scratch, C, how
                ) != 0
        end_stream()
        free(scratch)

    def backward(
        self, const floating[:, :, :, :] grad, floating[:, :, :] map, uint8_t[:, :] wild, Py_ssize_t begin,
        Py_ssize_t end, bint packed,
    ):
        """Add to the map what the bins give back; wild[i - begin, 0] = 1 where grad is not tame."""
        cdef Py_ssize_t C = map.shape[2], i, k
        cdef Cells window, bins
        cdef Region *region
        cdef void *scratch = self.new_scratch(sizeof(floating))
        with nogil:
            for i in range(begin, end):
                region = &self.regions[i]
                if region.height == 0:
                    continue
                k = i - begin if packed else region.k
                bins = cells_at(&grad[k, 0, 0, 0], grad.strides[1], grad.strides[2])
                wild[i - begin, 0] = self.passes.any_wild(&bins, grad.shape[1], grad.shape[2], C)
                if not wild[i - begin, 0]:
                    window = cells_at(&map[region.top, region.left, 0], map.strides[0], map.strides[1])
                    self.passes.apply(&region.y, &region.x, &bins, &window, scratch, C, ADD)
        free(scratch)

    cdef void *new_scratch(self, size_t itemsize) except NULL:
        cdef void *scratch = malloc((self.inputs + 1) * self.passes.run * itemsize)
        if self.is_double != (itemsize == sizeof(double)):
            free(scratch)
            raise TypeError("this plan is for arrays of another type")
        if scratch == NULL:
            raise MemoryError
        return scratch
