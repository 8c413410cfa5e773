"""Position-sensitive RoI pooling: each bin is averaged, and on channels of its own."""

from cython cimport floating

from roikit.cpu._geometry cimport Range, Region, Rules, bin_cells, quantize_axis, read_rules
from roikit.cpu._position_sensitive cimport Cells, Groups, cells_on_map, group_of_bin, read_groups


def ps_roi_pool(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, group_size, convention,
):
    """out[k, c, ph, pw] = average over bin (ph, pw) of rois[k] of that bin's own channel for c."""
    cdef Py_ssize_t C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Py_ssize_t k, c, ph, pw, channel
    cdef Rules rules = read_rules(convention)
    cdef Groups groups = read_groups(PH, PW, group_size)
    cdef Region region_rows, region_columns
    cdef Range rows, columns
    cdef Cells cells
    with nogil:
        for k in range(out.shape[0]):
            region_rows = quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, &rules)
            region_columns = quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, &rules)
            for ph in range(PH):
                rows = bin_cells(ph, region_rows, PH, &rules)
                for pw in range(PW):
                    columns = bin_cells(pw, region_columns, PW, &rules)
                    cells = cells_on_map(rows, columns, H, W, &rules)
                    for c in range(C):
                        channel = c * groups.count + group_of_bin(&groups, ph, pw)
                        out[k, c, ph, pw] = <floating>average(
                            features, <Py_ssize_t>rois[k, 0], channel, &cells, rules.empty_value
                        )


cdef inline double average(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t channel, const Cells* cells,
    double empty_value,
) noexcept nogil:
    """Value of one bin, as `roi_pool` has it in the mode "avg"."""
    cdef double total = 0
    cdef Py_ssize_t y, x
    if cells.count == 0:
        return empty_value
    for y in range(cells.y_start, cells.y_end):
        for x in range(cells.x_start, cells.x_end):
            total += features[b, channel, y, x]
    return total / cells.count
