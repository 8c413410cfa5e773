"""What the bins of deformable RoI pooling read: the neighbours of their shifted samples."""

from roikit.cpu._deform cimport Side, part_of_end, shifted_point, side
from roikit.cpu._geometry cimport axis_tap
from roikit.cpu.fast._moving_cells cimport add_moving_sample
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


def fill_moves(
    WeightedCells table, const double[:, :] rois, const double[:, :, :, :] offset, const Py_ssize_t[:] rows,
    bint of_offset, double spatial_scale, sampling_ratio, double gamma,
):
    """How the neighbours' weights change with x1, y1, x2 and y2; or with the offset along x, and along y."""
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
                    add_moving_bin(
                        table, height, width, ph, pw, spatial_scale, gamma, offset[k, 1, ph, pw],
                        offset[k, 0, ph, pw], of_offset,
                    )


cdef inline void add_moving_bin(
    WeightedCells table, Side height, Side width, Py_ssize_t ph, Py_ssize_t pw, double spatial_scale,
    double gamma, double along_y, double along_x, bint of_offset,
) noexcept nogil:
    cdef double share = 1 / max(<double>height.count * width.count, 1.0), y, x, part
    cdef double[4] of_y = [0, gamma * height.axis.size * share, 0, 0]
    cdef double[4] of_x = [gamma * width.axis.size * share, 0, 0, 0]
    cdef Py_ssize_t iy, ix
    share *= spatial_scale
    for iy in range(height.count):
        y = shifted_point(height, ph, iy, gamma, along_y)
        if not of_offset:
            part = part_of_end(height, ph, iy, gamma, along_y)
            of_y[1], of_y[3] = share * (1 - part), share * part
        for ix in range(width.count):
            x = shifted_point(width, pw, ix, gamma, along_x)
            if not of_offset:
                part = part_of_end(width, pw, ix, gamma, along_x)
                of_x[0], of_x[2] = share * (1 - part), share * part
            add_moving_sample(
                table, 0, axis_tap(y, table.H), axis_tap(x, table.W),
                0 <= y < table.H - 1, 0 <= x < table.W - 1, of_y, of_x,
            )
    end_bin(table)


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
