"""What the bins of deformable RoI pooling read: the neighbours of their shifted samples."""

from roikit.cpu._deform cimport Side, shifted_point, side
from roikit.cpu._geometry cimport axis_tap
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_sample, end_bin


def fill(
    WeightedCells table, const double[:, :] rois, const double[:, :, :, :] offset, const Py_ssize_t[:] rows,
    double spatial_scale, sampling_ratio, double gamma,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, k, ph, pw
    cdef Side height, width
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            height = side(rois[k, 2], rois[k, 4], spatial_scale, table.PH, ratio_y)
            width = side(rois[k, 1], rois[k, 3], spatial_scale, table.PW, ratio_x)
            if not table.begin(4.0 * height.bins * width.bins * height.count * width.count):
                break
            for ph in range(table.PH):
                for pw in range(table.PW):
                    add_bin(table, height, width, ph, pw, gamma, offset[k, 1, ph, pw], offset[k, 0, ph, pw])


cdef inline void add_bin(
    WeightedCells table, Side height, Side width, Py_ssize_t ph, Py_ssize_t pw, double gamma, double along_y,
    double along_x,
) noexcept nogil:
    cdef double share = 1 / max(<double>height.count * width.count, 1.0)  # outside the map, too
    cdef Py_ssize_t iy, ix
    for iy in range(height.count):
        for ix in range(width.count):
            add_sample(
                table, 0,
                axis_tap(shifted_point(height, ph, iy, gamma, along_y), table.H),
                axis_tap(shifted_point(width, pw, ix, gamma, along_x), table.W),
                share,
            )
    end_bin(table)
