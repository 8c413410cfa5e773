"""The gradient of sums of weighted cells by the boxes, from a table of how the weights change with them."""

from cython cimport floating
from libc.stdlib cimport free

from roikit.cpu.fast._arena cimport Arena
from roikit.cpu.fast._weighted_cells cimport (
    Items, WeightedCells, bin_items, cell_items, packed_stride, scratch,
)


cdef class MovingCells(WeightedCells):
    """A table with `moves` numbers in place of each weight."""

    def products(
        self, const floating[:, :, :, :] maps, Py_ssize_t first_row, const floating[:, :, :, :] grad,
        const Py_ssize_t[:] rows, double[::1] totals,
    ):
        """totals[t] += the sum over channels of tap t's cell times the gradient by its bin.

        Cells are those of maps (C, groups, rows from first_row on, W), bins of RoI i those of grad[rows[i]].
        """
        cdef Py_ssize_t C = maps.shape[0], size = self.passes.block, block, c, n
        cdef Py_ssize_t stride = packed_stride(self, C)
        cdef Arena arena = Arena()
        cdef Items cells = cell_items(self, maps, first_row, arena)
        cdef Items bins = bin_items(self, grad, rows, arena)
        cdef floating *packed
        cdef floating *packed_bins
        self.same_type(sizeof(floating))
        if not self.taps:
            return
        packed = <floating *>scratch((self.touched + self.bins) * stride * sizeof(floating))
        packed_bins = packed + self.touched * stride
        with nogil:
            for block in range((C + size - 1) // size):
                c = block * size
                n = min(size, C - c)
                cells.first, bins.first = <void *>&maps[c, 0, 0, 0], <void *>&grad[0, c, 0, 0]
                self.passes.pack(&cells, 0, self.touched, n, packed, stride)
                self.passes.pack(&bins, 0, self.bins, n, packed_bins, stride)
                self.passes.products(
                    &self.matrix, self.bins, packed, packed_bins, stride, n, &totals[0]
                )
        free(packed)

    def moved(self, const double[::1] totals, double[:, :, :] out):
        """out[i, number, bin] = what that bin of RoI i feels of each number; or in one place all its bins."""
        cdef Py_ssize_t each = self.PH * self.PW, i, p, bin, t, to
        with nogil:
            out[:] = 0
            for i in range(self.rois):
                for bin in range(each):
                    to = bin if out.shape[2] > 1 else 0
                    for t in range(self.start[i * each + bin], self.start[i * each + bin + 1]):
                        for p in range(self.moves):
                            out[i, p, to] += totals[t] * self.weight[t * self.moves + p]
