"""What the bins of a rotated RoI read: the neighbours of their samples."""

from roikit.cpu._geometry cimport axis_tap
from roikit.cpu._rotated cimport Bins, Frame, Point, bins_of, frame, sample_of
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_sample, end_bin


def fill(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale,
    sampling_ratio, bint aligned,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Py_ssize_t ratio_y = sampling_ratio[0], ratio_x = sampling_ratio[1], i, ph, pw
    cdef Frame box
    cdef Bins bins
    with nogil:
        for i in range(rows.shape[0]):
            box = frame(rois, rows[i], spatial_scale, aligned)
            bins = bins_of(box, table.PH, table.PW, ratio_y, ratio_x)
            if not table.begin(4.0 * bins.PH * bins.PW * bins.count_y * bins.count_x):
                break
            for ph in range(bins.PH):
                for pw in range(bins.PW):
                    add_bin(table, box, bins, ph, pw)


cdef inline void add_bin(
    WeightedCells table, Frame box, Bins bins, Py_ssize_t ph, Py_ssize_t pw
) noexcept nogil:
    cdef double share = 1 / max(<double>bins.count_y * bins.count_x, 1.0)  # outside the map, too
    cdef Py_ssize_t iy, ix
    cdef Point point
    for iy in range(bins.count_y):
        for ix in range(bins.count_x):
            point = sample_of(box, bins, ph, pw, iy, ix)
            add_sample(table, 0, axis_tap(point.y, table.H), axis_tap(point.x, table.W), share)
    end_bin(table)
