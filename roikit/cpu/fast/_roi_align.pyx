"""RoIAlign on planes (NCHW): a plan holds the tables of some RoIs of one image, and serves all channels.

Average: out = W_y · X · W_xᵀ, by the passes of passes.h. Maximum: the same rows, two taps a sample, then the
largest blend of each bin. Gradient of the average: the transposed matrices, added to the window.
"""

from cython cimport floating
from libc.stdint cimport int32_t, uint8_t
from libc.stdlib cimport free, malloc

from roikit.cpu._geometry cimport Axis, sample_count, scale_axis
from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._tables cimport MOST_VECTORS, AlignPasses, Group, Rows, group_count, groups_of, rows_of
from roikit.cpu.fast._taps cimport Taps


cdef extern from "align.h" nogil:
    const AlignPasses *align_passes(int level, int is_double)


cdef struct Region:
    # One RoI: the window of the map that it reads, and its matrices.
    Py_ssize_t k, top, left, height, width
    int32_t rows_a_bin  # mode "max": sample rows of one bin
    Rows rows
    Group *columns
    int32_t groups
    bint columns_first


cdef class Plan:
    """Tables of the RoIs `order` (rows of `rois`), for planes of `cells` (H, W) and `bins` (PH, PW)."""

    cdef const AlignPasses *passes
    cdef Arena arena
    cdef Taps y_taps, x_taps, transposed
    cdef Region *regions
    cdef readonly Py_ssize_t count
    cdef readonly Py_ssize_t top, bottom, left, right  # the part of the map that all windows lie in
    cdef readonly Py_ssize_t covered  # cells of all windows
    cdef Py_ssize_t PH, PW, H, W
    cdef Py_ssize_t scratch  # elements of the largest result of a first pass
    cdef bint is_double, average, gradient

    def __cinit__(
        self, const double[:, :] rois, const Py_ssize_t[:] order, cells, bins, double spatial_scale,
        sampling_ratio, bint aligned, str mode, bint gradient, bint is_double, size_t most_bytes, int level,
    ):
        """As many RoIs of `order`, from its begin, as have tables of `most_bytes`: `count` says how many."""
        cdef Py_ssize_t i
        cdef Axis y_axis, x_axis
        cdef Region *region
        self.passes = align_passes(level, is_double)
        self.arena = Arena()
        self.y_taps, self.x_taps, self.transposed = Taps(), Taps(), Taps()
        (self.H, self.W), (self.PH, self.PW) = cells, bins
        self.is_double, self.average, self.gradient = is_double, mode == "avg", gradient
        self.regions = <Region *>self.arena.take(order.shape[0] * sizeof(Region))
        for i in range(order.shape[0]):
            if i and self.arena.taken > most_bytes:
                break
            region = &self.regions[i]
            region.k = order[i]
            y_axis = scale_axis(rois[region.k, 2], rois[region.k, 4], spatial_scale, aligned)
            x_axis = scale_axis(rois[region.k, 1], rois[region.k, 3], spatial_scale, aligned)
            self.plan_region(region, y_axis, x_axis, sampling_ratio[0], sampling_ratio[1])
            self.count += 1
        if self.covered == 0:
            self.bottom = self.right = 1

    cdef int plan_region(
        self, Region *region, Axis y_axis, Axis x_axis, Py_ssize_t ratio_y, Py_ssize_t ratio_x
    ) except -1:
        cdef Py_ssize_t count_y = sample_count(y_axis.size, self.PH, ratio_y)
        cdef Py_ssize_t count_x = sample_count(x_axis.size, self.PW, ratio_x)
        if self.average:
            self.y_taps.average(y_axis, self.PH, count_y, self.H)
            self.x_taps.average(x_axis, self.PW, count_x, self.W)
        else:
            self.y_taps.samples(y_axis, self.PH, count_y, self.H)
            self.x_taps.samples(x_axis, self.PW, count_x, self.W)
        region.top, region.height = self.y_taps.first, self.y_taps.length
        region.left, region.width = self.x_taps.first, self.x_taps.length
        if region.height == 0 or region.width == 0:
            region.height = region.width = 0  # no sample is on the map: all bins are 0
            return 0
        self.add_window(region)
        if self.average:
            self.plan_average(region)
            return 0
        region.rows_a_bin = <int32_t>count_y
        region.rows = rows_of(self.y_taps, self.arena, self.is_double)
        self.plan_columns(region, self.x_taps, self.PW, count_x)
        self.scratch = max(self.scratch, count_y * region.width)
        return 0

    cdef void add_window(self, const Region *region) noexcept:
        if self.covered == 0:
            self.top, self.left = region.top, region.left
        self.top, self.left = min(self.top, region.top), min(self.left, region.left)
        self.bottom = max(self.bottom, region.top + region.height)
        self.right = max(self.right, region.left + region.width)
        self.covered += region.height * region.width

    cdef int plan_average(self, Region *region) except -1:
        if not self.gradient:
            region.rows = rows_of(self.y_taps, self.arena, self.is_double)
            self.plan_columns(region, self.x_taps, self.PW, 0)
            self.choose_order(region, region.height, region.width, self.PW)
            return 0
        self.transposed.transpose(self.y_taps)
        region.rows = rows_of(self.transposed, self.arena, self.is_double)
        self.transposed.transpose(self.x_taps)
        self.plan_columns(region, self.transposed, region.width, 0)
        self.choose_order(region, self.PH, self.PW, region.width)
        return 0

    cdef int plan_columns(self, Region *region, Taps taps, Py_ssize_t columns, Py_ssize_t samples) except -1:
        """`samples` of a bin, where each has two taps of its own, or 0."""
        cdef int lanes = self.passes.lanes
        region.columns = groups_of(taps, max(samples, 1), 2 * samples, lanes, self.arena, self.is_double)
        region.groups = group_count(columns, lanes)
        return 0

    cdef void choose_order(
        self, Region *region, Py_ssize_t rows_in, Py_ssize_t columns_in, Py_ssize_t columns_out
    ) noexcept:
        """The pass over columns costs most: do it where there are fewer rows, before the other or after."""
        cdef Py_ssize_t lanes = self.passes.lanes, rows_out = region.rows.outputs, g
        cdef Py_ssize_t taps = rows_out * region.rows.depth
        cdef Py_ssize_t a_row = 0  # vector operations of the pass over columns, about
        for g in range(region.groups):
            a_row += 2 + region.columns[g].depth * (1 + (region.columns[g].span - 1) // (2 * lanes))
        region.columns_first = (
            rows_in * a_row + taps * ((columns_out + lanes - 1) // lanes)
            < rows_out * a_row + taps * ((columns_in + lanes - 1) // lanes)
        )
        self.scratch = max(
            self.scratch, rows_in * columns_out if region.columns_first else rows_out * columns_in
        )

    cdef void *new_scratch(self, size_t itemsize) except NULL:
        if self.is_double != (itemsize == sizeof(double)):
            raise TypeError("this plan is for arrays of another type")
        cdef void *scratch = malloc((self.scratch + 1) * itemsize)
        if scratch == NULL:
            raise MemoryError
        return scratch

    def forward(
        self, const floating[:, :, :] planes, floating[:, :, :, :] out, uint8_t[:, :] wild,
        Py_ssize_t begin, Py_ssize_t end, bint packed,
    ):
        """The RoIs begin <= i < end into out[k], or where it holds them alone (packed) into out[i - begin].

        `planes` are rows top <= y < bottom and columns left <= x < right of the map.
        wild[i - begin, c] = 1 where the window is not tame, and the output not computed.
        """
        cdef Py_ssize_t row = planes.strides[1] // <Py_ssize_t>sizeof(floating), i, k, c
        cdef Py_ssize_t out_row = out.strides[2] // <Py_ssize_t>sizeof(floating)
        cdef Py_ssize_t height = planes.shape[1], width = planes.shape[2]
        cdef bint whole = self.covered > height * width // 4  # cheaper to look at each plane once
        cdef floating *scratch = <floating *>self.new_scratch(sizeof(floating))
        cdef const floating *window
        cdef Region *region
        with nogil:
            if whole:
                for c in range(planes.shape[0]):
                    wild[:, c] = self.passes.wild(&planes[c, 0, 0], row, height, width)
            for i in range(begin, end):
                region = &self.regions[i]
                k = i - begin if packed else region.k
                for c in range(planes.shape[0]):
                    window = &planes[c, 0, 0] + (region.top - self.top) * row + region.left - self.left
                    if not whole:
                        wild[i - begin, c] = self.passes.wild(window, row, region.height, region.width)
                    if not wild[i - begin, c]:
                        self.fill(region, window, row, &out[k, c, 0, 0], out_row, scratch)
        free(scratch)

    cdef void fill(
        self, const Region *region, const floating *window, Py_ssize_t row, floating *out, Py_ssize_t out_row,
        floating *scratch,
    ) noexcept nogil:
        """All bins of one RoI on one channel."""
        cdef Py_ssize_t ph, pw
        if region.height == 0:
            for ph in range(self.PH):
                for pw in range(self.PW):
                    out[ph * out_row + pw] = 0
        elif self.average:
            self.sums(region, window, row, out, out_row, scratch, self.PW, region.width, region.height, 0)
        else:
            self.largest(region, window, row, out, out_row, scratch)

    cdef void sums(
        self, const Region *region, const floating *source, Py_ssize_t row, floating *out, Py_ssize_t out_row,
        floating *scratch, Py_ssize_t columns_out, Py_ssize_t columns_in, Py_ssize_t rows_in, int add,
    ) noexcept nogil:
        """out = rows · source · columnsᵀ, or added to what is there."""
        cdef const AlignPasses *passes = self.passes
        if region.columns_first:
            passes.columns_sum(
                region.columns, region.groups, source, row, scratch, columns_out, rows_in, 0
            )
            passes.rows_sum(&region.rows, scratch, columns_out, out, out_row, columns_out, add)
        elif region.groups == 1 and columns_in <= MOST_VECTORS * passes.lanes:
            passes.both_sums(&region.rows, region.columns, source, row, out, out_row, columns_in, add)
        else:
            passes.rows_sum(&region.rows, source, row, scratch, columns_in, columns_in, 0)
            passes.columns_sum(
                region.columns, region.groups, scratch, columns_in, out, out_row, region.rows.outputs, add
            )

    cdef void largest(
        self, const Region *region, const floating *window, Py_ssize_t row, floating *out, Py_ssize_t out_row,
        floating *scratch,
    ) noexcept nogil:
        cdef const AlignPasses *passes = self.passes
        cdef Rows rows = region.rows
        cdef Py_ssize_t ph
        if region.width <= MOST_VECTORS * passes.lanes:
            passes.both_largest(
                &rows, region.rows_a_bin, region.columns, region.groups, window, row, out, out_row,
                region.width,
            )
            return
        rows.outputs = region.rows_a_bin  # the rows of one bin at a time
        for ph in range(self.PH):
            passes.rows_sum(&rows, window, row, scratch, region.width, region.width, 0)
            passes.columns_largest(
                region.columns, region.groups, scratch, region.width, out + ph * out_row, rows.outputs
            )
            rows.cell += rows.outputs * rows.depth
            rows.weight = <const floating *>rows.weight + rows.outputs * rows.depth

    def backward(
        self, const floating[:, :, :, :] grad, floating[:, :, :] planes, uint8_t[:, :] wild,
        Py_ssize_t begin, Py_ssize_t end, bint packed,
    ):
        """Add to the planes what the bins of the RoIs begin <= i < end give back, grad[k] or grad[i - begin].

        wild[i - begin, c] = 1 where grad is not tame, and nothing is added.
        """
        cdef Py_ssize_t row = planes.strides[1] // <Py_ssize_t>sizeof(floating), i, k, c
        cdef Py_ssize_t grad_row = grad.strides[2] // <Py_ssize_t>sizeof(floating)
        cdef floating *scratch = <floating *>self.new_scratch(sizeof(floating))
        cdef const floating *bins
        cdef Region *region
        with nogil:
            for i in range(begin, end):
                region = &self.regions[i]
                if region.height == 0:
                    continue
                k = i - begin if packed else region.k
                for c in range(planes.shape[0]):
                    bins = &grad[k, c, 0, 0]
                    wild[i - begin, c] = self.passes.wild(bins, grad_row, self.PH, self.PW)
                    if not wild[i - begin, c]:
                        self.sums(
                            region, bins, grad_row, &planes[c, region.top, region.left], row, scratch,
                            region.width, self.PW, self.PH, 1,
                        )
        free(scratch)
