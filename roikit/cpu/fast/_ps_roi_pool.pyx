"""What the bins of position-sensitive RoI pooling read: their cells, each bin in its own plane."""

from roikit.cpu._geometry cimport Range, Region, Rules, bin_cells, quantize_axis, read_rules
from roikit.cpu._position_sensitive cimport Cells, Groups, cells_on_map, group_of_bin, read_groups
from roikit.cpu.fast._weighted_cells cimport WeightedCells, add_cell, end_bin


def fill(
    WeightedCells table, const double[:, :] rois, const Py_ssize_t[:] rows, double spatial_scale, group_size,
    convention,
):
    """Put in the RoIs of these rows, as long as there is room."""
    cdef Rules rules = read_rules(convention)
    cdef Groups groups = read_groups(table.PH, table.PW, group_size)
    cdef Region height, width
    cdef Cells cells
    cdef Py_ssize_t i, k, ph, pw
    cdef double count
    table.distinct = True
    with nogil:
        for i in range(rows.shape[0]):
            k = rows[i]
            height = quantize_axis(rois[k, 2], rois[k, 4], spatial_scale, &rules)
            width = quantize_axis(rois[k, 1], rois[k, 3], spatial_scale, &rules)
            count = 0
            for ph in range(groups.PH):
                for pw in range(groups.PW):
                    cells = cells_of(table, height, width, ph, pw, &groups, &rules)
                    count += <double>(cells.y_end - cells.y_start) * (cells.x_end - cells.x_start)
            if not table.begin(count):
                break
            for ph in range(groups.PH):
                for pw in range(groups.PW):
                    cells = cells_of(table, height, width, ph, pw, &groups, &rules)
                    add_bin(table, &cells, group_of_bin(&groups, ph, pw), rules.empty_value)


cdef inline Cells cells_of(
    WeightedCells table, Region height, Region width, Py_ssize_t ph, Py_ssize_t pw, const Groups* groups,
    const Rules* rules,
) noexcept nogil:
    """The cells of one bin that are on the map."""
    cdef Range rows = bin_cells(ph, height, groups.PH, rules)
    cdef Range columns = bin_cells(pw, width, groups.PW, rules)
    return cells_on_map(rows, columns, table.H, table.W, rules)


cdef inline void add_bin(
    WeightedCells table, const Cells* cells, Py_ssize_t group, double empty_value
) noexcept nogil:
    cdef Py_ssize_t plane = group * table.H * table.W, y, x
    for y in range(cells.y_start, cells.y_end):
        for x in range(cells.x_start, cells.x_end):
            add_cell(table, plane + y * table.W + x, 1 / cells.count)
    end_bin(table, empty_value if cells.count == 0 else 0)
