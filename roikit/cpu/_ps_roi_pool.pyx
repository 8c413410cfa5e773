"""Position-sensitive RoI pooling: the average or maximum of each bin, on channels of its own."""

from cython cimport floating

from roikit.cpu._geometry cimport Range, Region, Rules, bin_cells, quantize_axis, read_rules
from roikit.cpu._position_sensitive cimport (
    Cells, Groups, cells_on_map, find_maximum, group_of_bin, read_groups,
)


def ps_roi_pool(
    const floating[:, :, :, :] features, const double[:, :] rois, floating[:, :, :, :] out,
    double spatial_scale, group_size, convention, str mode="avg",
):
    """out[k, c, ph, pw] = average or maximum over bin (ph, pw) of rois[k] of that bin's own channel for c."""
    cdef Py_ssize_t C = out.shape[1], PH = out.shape[2], PW = out.shape[3]
    cdef Py_ssize_t H = features.shape[2], W = features.shape[3]
    cdef Py_ssize_t k, c, ph, pw, channel
    cdef bint largest = mode == "max"
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
                        if cells.count == 0:
                            out[k, c, ph, pw] = <floating>rules.empty_value
                        elif largest:
                            out[k, c, ph, pw] = maximum(features, <Py_ssize_t>rois[k, 0], channel, &cells)
                        else:
                            out[k, c, ph, pw] = <floating>average(
                                features, <Py_ssize_t>rois[k, 0], channel, &cells
                            )


cdef inline double average(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t channel, const Cells* cells
) noexcept nogil:
    """Value of one bin, as `roi_pool` has it in the mode "avg"."""
    cdef double total = 0
    cdef Py_ssize_t y, x
    for y in range(cells.y_start, cells.y_end):
        for x in range(cells.x_start, cells.x_end):
            total += features[b, channel, y, x]
    return total / cells.count


cdef inline floating maximum(
    const floating[:, :, :, :] features, Py_ssize_t b, Py_ssize_t channel, const Cells* cells
) noexcept nogil:
    """And in the mode "max"."""
    cdef Py_ssize_t y = 0, x = 0
    return features[b, channel, y, x] if find_maximum(features, b, channel, cells, &y, &x) else 0
