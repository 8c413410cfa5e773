"""Quantized RoI pooling, planes in NCHW: a plan holds the tables of some RoIs of one image, for all channels.

Maximum: by the passes of pool.h, exact, and so bit-equal to the plain kernel. Average: out = W_y · X · W_xᵀ
by those of passes.h. Bins that are empty or stick out of the map are put right afterwards, one by one.
"""

from cython cimport floating
from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free, malloc

from roikit.cpu._geometry cimport Rules, quantize_axis, read_rules
from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._pool_tables cimport Cut, repeated_columns, repeated_rows
from roikit.cpu.fast._tables cimport MOST_VECTORS, AlignPasses, Group, Rows, group_count, groups_of, rows_of


cdef extern from "pool.h" nogil:
    ctypedef struct Windows:
        const void *in_ "in"
        Py_ssize_t in_row, in_plane
        void *out
        Py_ssize_t out_plane
        int32_t *where
        Py_ssize_t where_plane
        int32_t corner, map_width
        const uint8_t *odd
        int most_odd
        Py_ssize_t planes
        void *row
        int32_t *row_where

    ctypedef struct Bins:
        Rows rows
        const Group *group
        int32_t groups, columns, joined

    ctypedef struct PoolPasses:
        int lanes
        void (*largest)(const Bins *, const Windows *) noexcept nogil
        void (*largest_where)(const Bins *, const Windows *) noexcept nogil
        int (*odd)(const void *, Py_ssize_t, Py_ssize_t rows, Py_ssize_t width) noexcept nogil

    const PoolPasses *pool_passes(int level, int is_double)
    const AlignPasses *align_passes(int level, int is_double)
    int NEGATIVE_ZERO, NAN_THERE


cdef enum Fate:
    # What becomes of a bin that is not simply the maximum or average of its cells.
    EMPTY  # no cells: the convention's value
    ZERO  # all its cells are off the map, and taken for 0
    AT_LEAST_ZERO  # some are

cdef struct OddBin:
    Py_ssize_t ph, pw
    Fate fate

cdef struct Region:
    # One RoI: the window of the map that it reads, and its bins.
    Py_ssize_t k, top, left, height, width
    Bins bins
    OddBin *odd
    Py_ssize_t odds

cdef struct Argmax:
    # An array of flat indices, int32 or int64.
    char *first
    Py_ssize_t roi, plane, row, column  # strides
    int size  # of a number; 0: there is no such array


cdef class PoolPlan:
    """Tables of the RoIs `order` (rows of `rois`), for planes of `cells` (H, W) and `bins` (PH, PW)."""

    cdef const PoolPasses *passes
    cdef const AlignPasses *sums
    cdef Arena arena
    cdef Region *regions
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t PH, PW, H, W, widest, covered
    cdef Rules rules
    cdef bint is_double, average

    def __cinit__(
        self, const double[:, :] rois, const Py_ssize_t[:] order, cells, bins, double spatial_scale,
        convention, str mode, bint is_double, Py_ssize_t most_bytes, int level,
    ):
        """As many RoIs of `order`, from its begin, as have tables of `most_bytes`: `count` says how many."""
        cdef Py_ssize_t i, k
        cdef Cut y_cut = Cut(), x_cut = Cut()
        cdef const Rules *rules = &self.rules
        self.passes, self.sums = pool_passes(level, is_double), align_passes(level, is_double)
        self.rules = read_rules(convention)
        self.arena = Arena()
        self.H, self.W = cells
        self.PH, self.PW = bins
        self.is_double, self.average = is_double, mode == "avg"
        self.regions = <Region *>self.arena.take(order.shape[0] * sizeof(Region))
        for i in range(order.shape[0]):
            if i and self.arena.taken > most_bytes:
                break
            k = order[i]
            y_cut.cut(quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, rules), self.PH, rules, self.H)
            x_cut.cut(quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, rules), self.PW, rules, self.W)
            self.add(&self.regions[i], k, y_cut, x_cut)
            self.count += 1

    cdef int add(self, Region *region, Py_ssize_t k, Cut y_cut, Cut x_cut) except -1:
        cdef int lanes = self.passes.lanes
        cdef Bins *bins = &region.bins
        region.k, region.odds = k, 0
        region.top, region.height = y_cut.first, y_cut.length
        region.left, region.width = x_cut.first, x_cut.length
        if y_cut.any_odd or x_cut.any_odd:
            self.add_odd(region, y_cut, x_cut)
        if region.height == 0 or region.width == 0:
            region.height = region.width = 0  # no bin has a cell on the map
            return 0
        self.covered += region.height * region.width
        self.widest = max(self.widest, region.width)
        bins.columns = <int32_t>self.PW
        if self.average:
            bins.rows = rows_of(y_cut, self.arena, self.is_double)
            bins.group = groups_of(x_cut, 1, 1, lanes, self.arena, self.is_double)
            bins.groups = group_count(self.PW, lanes)
            return 0
        bins.joined = 2 * self.PW <= lanes and region.width <= lanes
        bins.groups = group_count(self.PW, lanes)
        bins.rows.outputs, bins.rows.depth = <int32_t>self.PH, <int32_t>y_cut.depth
        bins.rows.cell = repeated_rows(y_cut, self.arena)
        bins.group = repeated_columns(x_cut, bins.groups, lanes, bins.joined, self.arena)
        return 0

    cdef int add_odd(self, Region *region, Cut y_cut, Cut x_cut) except -1:
        cdef Py_ssize_t ph, pw, cells, n = 0
        cdef double whole
        cdef OddBin odd
        region.odd = <OddBin *>self.arena.take(self.PH * self.PW * sizeof(OddBin))
        for ph in range(self.PH):
            for pw in range(self.PW):
                cells = y_cut.taken(ph) * x_cut.taken(pw)
                whole = y_cut.whole[ph] * x_cut.whole[pw] if self.rules.outside_is_zero else cells
                if cells and whole == cells:
                    continue
                odd.fate = EMPTY if whole == 0 else ZERO if cells == 0 else AT_LEAST_ZERO
                odd.ph, odd.pw = ph, pw
                region.odd[n] = odd
                n += 1
        region.odds = n
        return 0

    def forward(
        self, const floating[:, :, :] planes, floating[:, :, :, :] out, argmax, uint8_t[:, :] wild,
        Py_ssize_t begin, Py_ssize_t end, bint packed,
    ):
        """The RoIs begin <= i < end into out[k], or where it holds them alone (packed) into out[i - begin].

        argmax is None, or int32 or int64, with any strides; its rows are those of `out`. wild[i - begin, c]
        = 1 where the window is not tame, and the output not computed: mode "max" takes all but NaN for tame.
        """
        cdef Py_ssize_t C = planes.shape[0], row = planes.strides[1] // <Py_ssize_t>sizeof(floating), i, k, c
        cdef Py_ssize_t cells = self.PH * self.PW + (self.PH + 1) * self.widest + 1
        cdef bint all_wild = not self.average and self.H * self.W > 0x7FFFFFFF  # indices have 32 bits here
        cdef bint look_once = self.covered > self.H * self.W // 4  # cheaper than many windows
        cdef Argmax indices = argmax_of(None if self.average else argmax)
        cdef Region *region
        cdef const floating *window
        cdef uint8_t *odd
        cdef uint8_t *whole
        cdef char *scratch
        if self.is_double != (sizeof(floating) == sizeof(double)):
            raise TypeError("the plan is of another type")
        odd = <uint8_t *>calloc(2 * C + 1, 1)
        scratch = <char *>malloc(cells * (sizeof(floating) + sizeof(int32_t)))
        if odd == NULL or scratch == NULL:
            free(odd)
            free(scratch)
            raise MemoryError
        whole = odd + C
        with nogil:
            for c in range(C):
                whole[c] = <uint8_t>NAN_THERE
                if look_once:
                    whole[c] = self.look(&planes[c, 0, 0], row, self.H, self.W)
            for i in range(begin, end):
                region = &self.regions[i]
                k = i - begin if packed else region.k
                for c in range(C):
                    odd[c] = whole[c]
                    if odd[c] == NAN_THERE:  # or nobody has looked: what counts is the window
                        window = &planes[c, region.top, region.left]
                        odd[c] = self.look(window, row, region.height, region.width)
                    wild[i - begin, c] = all_wild or odd[c] == NAN_THERE
                if all_wild:
                    continue
                if self.average:
                    self.averages(region, k, planes, out, odd, <floating *>scratch)
                else:
                    self.maxima(region, k, planes, out, indices, odd, <floating *>scratch, cells)
                if region.odds:
                    self.put_right(region, k, out, indices, odd)
        free(odd)
        free(scratch)

    cdef uint8_t look(
        self, const void *window, Py_ssize_t row, Py_ssize_t height, Py_ssize_t width
    ) noexcept nogil:
        """What is odd in a window: NAN_THERE stands for all that is left to the plain kernel."""
        if self.average:
            return <uint8_t>(NAN_THERE if self.sums.wild(window, row, height, width) else 0)
        return <uint8_t>self.passes.odd(window, row, height, width)

    cdef void maxima(
        self, Region *region, Py_ssize_t k, const floating[:, :, :] planes, floating[:, :, :, :] out,
        Argmax argmax, const uint8_t *odd, floating *scratch, Py_ssize_t cells,
    ) noexcept nogil:
        """All channels of one RoI: at once, or by way of `scratch` where the arrays lie otherwise."""
        cdef Py_ssize_t c, ph, pw, size = sizeof(floating), tile = self.PH * self.PW
        cdef bint direct = out.strides[2] == self.PW * size
        cdef int32_t *where = <int32_t *>(scratch + cells)
        cdef Py_ssize_t cell
        cdef floating value
        cdef Windows at
        if region.height == 0:
            return
        at.in_ = &planes[0, region.top, region.left]
        at.in_row, at.in_plane = planes.strides[1] // size, planes.strides[0] // size
        at.corner, at.map_width = <int32_t>(region.top * self.W + region.left), <int32_t>self.W
        at.row, at.row_where = scratch + tile, where + tile
        at.odd, at.most_odd, at.planes = odd, 0, planes.shape[0]
        at.out, at.out_plane = &out[k, 0, 0, 0], out.strides[1] // size
        if argmax.size:
            direct = direct and argmax.size == 4 and argmax.column == 4 and argmax.row == 4 * self.PW
            at.where, at.where_plane = <int32_t *>(argmax.first + k * argmax.roi), argmax.plane // 4
        if direct and argmax.size:
            self.passes.largest_where(&region.bins, &at)
        elif direct:
            self.passes.largest(&region.bins, &at)
        at.out, at.where, at.most_odd, at.planes = scratch, where, NEGATIVE_ZERO, 1
        for c in range(planes.shape[0]):
            if odd[c] == NAN_THERE or (direct and odd[c] == 0):
                continue
            at.in_, at.odd = &planes[c, region.top, region.left], odd + c
            if argmax.size or odd[c]:
                self.passes.largest_where(&region.bins, &at)
            else:
                self.passes.largest(&region.bins, &at)
            for ph in range(self.PH):
                for pw in range(self.PW):
                    value = scratch[ph * self.PW + pw]
                    cell = where[ph * self.PW + pw] if odd[c] else 0
                    if odd[c] and value == 0 and cell < self.H * self.W:  # 0 or -0: as in the first cell
                        value = planes[c, cell // self.W, cell % self.W]
                    out[k, c, ph, pw] = value
                if argmax.size:
                    put_row(&argmax, k, c, ph, where + ph * self.PW, self.PW)

    cdef void averages(
        self, Region *region, Py_ssize_t k, const floating[:, :, :] planes, floating[:, :, :, :] out,
        const uint8_t *odd, floating *scratch,
    ) noexcept nogil:
        cdef const AlignPasses *sums = self.sums
        cdef const Bins *bins = &region.bins
        cdef Py_ssize_t c, row = planes.strides[1] // <Py_ssize_t>sizeof(floating), width = region.width
        cdef Py_ssize_t out_row = out.strides[2] // <Py_ssize_t>sizeof(floating)
        cdef const floating *window
        if region.height == 0:
            return
        for c in range(planes.shape[0]):
            window = &planes[c, region.top, region.left]
            if odd[c]:
                continue
            if bins.groups == 1 and width <= MOST_VECTORS * self.passes.lanes:
                sums.both_sums(&bins.rows, bins.group, window, row, &out[k, c, 0, 0], out_row, width, 0)
            else:
                sums.rows_sum(&bins.rows, window, row, scratch, width, width, 0)
                sums.columns_sum(
                    bins.group, bins.groups, scratch, width, &out[k, c, 0, 0], out_row, self.PH, 0
                )

    cdef void put_right(
        self, Region *region, Py_ssize_t k, floating[:, :, :, :] out, Argmax argmax, const uint8_t *odd
    ) noexcept nogil:
        """The bins that have no cells, or cells off the map that count as 0."""
        cdef Py_ssize_t c, i
        cdef int32_t none = -1
        cdef OddBin bin
        cdef floating *value
        for c in range(out.shape[1]):
            if odd[c] == NAN_THERE:
                continue
            for i in range(region.odds):
                bin = region.odd[i]
                value = &out[k, c, bin.ph, bin.pw]
                if bin.fate == AT_LEAST_ZERO and (self.average or value[0] >= 0):
                    continue
                value[0] = <floating>(self.rules.empty_value if bin.fate == EMPTY else 0)
                if argmax.size:
                    put_row(&argmax, k, c, bin.ph, &none, 1, bin.pw)


cdef Argmax argmax_of(array):
    cdef Argmax argmax
    cdef int32_t[:, :, :, :] narrow
    cdef int64_t[:, :, :, :] wide
    argmax.size = 0
    if array is None or array.size == 0:
        return argmax
    argmax.roi, argmax.plane, argmax.row, argmax.column = array.strides
    argmax.size = array.itemsize
    if argmax.size == 4:
        narrow = array
        argmax.first = <char *>&narrow[0, 0, 0, 0]
    else:
        wide = array
        argmax.first = <char *>&wide[0, 0, 0, 0]
    return argmax


cdef inline void put_row(
    const Argmax *argmax, Py_ssize_t k, Py_ssize_t c, Py_ssize_t ph, const int32_t *cell, Py_ssize_t n,
    Py_ssize_t pw=0,
) noexcept nogil:
    """The flat indices of n bins of one row, from column pw on."""
    cdef char *to = argmax.first + k * argmax.roi + c * argmax.plane + ph * argmax.row + pw * argmax.column
    cdef Py_ssize_t i
    for i in range(n):
        if argmax.size == 4:
            (<int32_t *>to)[0] = cell[i]
        else:
            (<int64_t *>to)[0] = cell[i]
        to += argmax.column
