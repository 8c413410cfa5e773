"""RoIAlign on maps with the channels last (NHWC), by the passes of channels.h."""

from cython cimport floating
from libc.stdint cimport int32_t, uint8_t
from libc.string cimport memcpy

from roikit.cpu._geometry cimport Axis, sample_count, scale_axis
from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._channels cimport Cells, ChannelPasses, Matrix, cells_at, channel_passes
from roikit.cpu.fast._tables cimport put
from roikit.cpu.fast._taps cimport Taps


cdef inline Matrix matrix_of(Taps taps, Arena arena, bint is_double):
    """A copy that stays."""
    cdef Py_ssize_t n = taps.start[taps.outputs], t
    cdef int32_t *start = <int32_t *>arena.take((taps.outputs + 1) * sizeof(int32_t))
    cdef int32_t *cell = <int32_t *>arena.take(n * sizeof(int32_t))
    cdef void *weight = arena.take(n * (sizeof(double) if is_double else sizeof(float)))
    cdef Matrix matrix
    memcpy(start, taps.start, (taps.outputs + 1) * sizeof(int32_t))
    memcpy(cell, taps.cell, n * sizeof(int32_t))
    for t in range(n):
        put(weight, t, taps.weight[t], is_double)
    matrix.outputs, matrix.start, matrix.cell, matrix.weight = <int32_t>taps.outputs, start, cell, weight
    return matrix


# Taps of an axis of a bin. Sums of more, one after the other in float32, are further from the definition than
# is promised.
cdef enum:
    DEEPEST = 64


cdef struct Region:
    # One RoI: the window of the map that it reads, its matrices, and the samples of a bin.
    Py_ssize_t k, top, left, height, width
    int32_t down, across
    bint deep
    Matrix y, x


cdef class AlignPlan:
    """Tables of the RoIs `order` (rows of `rois`), as `_roi_align.Plan` has them."""

    cdef const ChannelPasses *passes
    cdef Arena arena
    cdef Region *regions
    cdef readonly Py_ssize_t count
    cdef readonly Py_ssize_t top, bottom, left, right, covered
    cdef bint is_double, average, gradient

    def __cinit__(
        self, const double[:, :] rois, const Py_ssize_t[:] order, cells, bins, double spatial_scale,
        sampling_ratio, bint aligned, str mode, bint gradient, bint is_double, size_t most_bytes, int level,
    ):
        cdef Py_ssize_t i, k
        cdef Taps y_taps = Taps(), x_taps = Taps(), transposed = Taps()
        cdef Region *region
        cdef Axis y_axis, x_axis
        self.passes = channel_passes(level, is_double)
        self.arena = Arena()
        self.is_double, self.average, self.gradient = is_double, mode == "avg", gradient
        self.regions = <Region *>self.arena.take(order.shape[0] * sizeof(Region))
        self.top, self.left = cells
        for i in range(order.shape[0]):
            if i and self.arena.taken > most_bytes:
                break
            region, k = &self.regions[i], order[i]
            region.k = k
            y_axis = scale_axis(rois[k, 2], rois[k, 4], spatial_scale, aligned)
            x_axis = scale_axis(rois[k, 1], rois[k, 3], spatial_scale, aligned)
            region.down = <int32_t>sample_count(y_axis.size, bins[0], sampling_ratio[0])
            region.across = <int32_t>sample_count(x_axis.size, bins[1], sampling_ratio[1])
            if self.average:
                y_taps.average(y_axis, bins[0], region.down, cells[0])
                x_taps.average(x_axis, bins[1], region.across, cells[1])
            else:
                y_taps.samples(y_axis, bins[0], region.down, cells[0])
                x_taps.samples(x_axis, bins[1], region.across, cells[1])
            self.add(region, y_taps, x_taps, transposed)
            self.count += 1
        if self.covered == 0:  # no window at all: any cell will do
            self.top = self.left = 0
            self.bottom = self.right = 1

    cdef int add(self, Region *region, Taps y_taps, Taps x_taps, Taps transposed) except -1:
        region.top, region.height = y_taps.first, y_taps.length
        region.left, region.width = x_taps.first, x_taps.length
        if region.height == 0 or region.width == 0:
            region.height = region.width = 0
            return 0
        self.top, self.bottom = min(self.top, region.top), max(self.bottom, region.top + region.height)
        self.left, self.right = min(self.left, region.left), max(self.right, region.left + region.width)
        self.covered += region.height * region.width
        region.deep = self.average and not self.gradient and max(y_taps.depth, x_taps.depth) > DEEPEST
        if self.gradient:
            transposed.transpose(y_taps)
            region.y = matrix_of(transposed, self.arena, self.is_double)
            transposed.transpose(x_taps)
            region.x = matrix_of(transposed, self.arena, self.is_double)
        else:
            region.y = matrix_of(y_taps, self.arena, self.is_double)
            region.x = matrix_of(x_taps, self.arena, self.is_double)
        return 0

    cdef int check_type(self, size_t itemsize) except -1:
        if self.is_double != (itemsize == sizeof(double)):
            raise TypeError("this plan is for arrays of another type")
        return 0

    def forward(
        self, const floating[:, :, :] map, floating[:, :, :, :] out, uint8_t[:, :] wild, Py_ssize_t begin,
        Py_ssize_t end, bint packed,
    ):
        """The RoIs begin <= i < end into out[k], or packed into out[i - begin], each (PH, PW, C).

        `map` is rows top <= y < bottom and columns left <= x < right. wild[i - begin, 0] = 1 where the window
        is not tame, or a bin too deep, and the output not computed.
        """
        cdef Py_ssize_t C = map.shape[2], i, k
        cdef Cells part = cells_at(&map[0, 0, 0], map.strides[0], map.strides[1]), window, bins
        cdef bint whole = self.covered > map.shape[0] * map.shape[1] // 4  # cheaper to look at the map once
        cdef Region *region
        self.check_type(sizeof(floating))
        with nogil:
            if whole:
                wild[:, 0] = self.passes.any_wild(&part, map.shape[0], map.shape[1], C)
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
                if region.deep:
                    wild[i - begin, 0] = 1
                elif not whole:
                    wild[i - begin, 0] = self.passes.any_wild(&window, region.height, region.width, C)
                if wild[i - begin, 0]:
                    continue
                bins = cells_at(&out[k, 0, 0, 0], out.strides[1], out.strides[2])
                if self.average:
                    self.passes.sums(&region.y, &region.x, &window, &bins, C, 0)
                else:
                    self.passes.largest(
                        &region.y, region.down, &region.x, region.across, &window, &bins, C
                    )

    def backward(
        self, const floating[:, :, :, :] grad, floating[:, :, :] map, uint8_t[:, :] wild, Py_ssize_t begin,
        Py_ssize_t end, bint packed,
    ):
        """Add to the map what the bins give back; wild[i - begin, 0] = 1 where grad is not tame."""
        cdef Py_ssize_t C = map.shape[2], i, k
        cdef Cells window, bins
        cdef Region *region
        self.check_type(sizeof(floating))
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
                    self.passes.sums(&region.y, &region.x, &bins, &window, C, 1)
