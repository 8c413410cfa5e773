// What position-sensitive kernels share: the channels of a bin.

// Bins and groups of channels, along y and x; a channel of the output has GH * GW of the map.
struct Groups { int PH, PW, GH, GW; };

__device__ __forceinline__ int group_row(const Groups& groups, int ph) {
    return (int)((long long)ph * groups.GH / groups.PH);
}

__device__ __forceinline__ int group_column(const Groups& groups, int pw) {
    return (int)((long long)pw * groups.GW / groups.PW);
}

// The channel of the map that bin (ph, pw) of channel c of the output reads.
__device__ __forceinline__ int channel_of_bin(const Groups& groups, int c, int ph, int pw) {
    return (c * groups.GH + group_row(groups, ph)) * groups.GW + group_column(groups, pw);
}

// The same from the map's side: channel m is read for channel c of the output, by the bins of a group.
struct Reader { int c, gh, gw; };

__device__ __forceinline__ Reader reader_of_channel(const Groups& groups, int m) {
    Reader reader = {m / groups.GW / groups.GH, m / groups.GW % groups.GH, m % groups.GW};
    return reader;
}

// --- the cells of a bin, of pooling ------------------------------------------------------------------------

// Those that are on the map; `count` is what the bin's average divides by.
struct Cells {
    int y_start, y_end, x_start, x_end;
    double count;
};

__device__ inline Cells cells_on_map(Range rows, Range columns, int H, int W, const Rules& rules) {
    Range y = clip_range(rows, H), x = clip_range(columns, W);
    Cells cells = {(int)y.start, (int)y.end, (int)x.start, (int)x.end, (double)(y.end - y.start) * (x.end - x.start)};
    if (rules.outside_is_zero) {  // cells off the map take part as 0
        cells.count += product((double)(rows.end - rows.start), (double)(columns.end - columns.start)) - cells.count;
    }
    return cells;
}

// One box, cut into regions by a convention.
struct PooledBox {
    long long batch;
    Extent y, x;
};

// Row k of rois; false for a box that cannot be computed.
__device__ inline bool read_pooled_box(
    const box_t* __restrict__ rois, int k, int N, double spatial_scale, const Rules& rules, Fault* fault,
    PooledBox* box
) {
    Roi roi;
    if (!read_roi(rois, k, N, spatial_scale, fault, &roi)) return false;
    box->batch = roi.batch;
    box->y = quantize_axis(roi.y1, roi.y2, spatial_scale, rules);
    box->x = quantize_axis(roi.x1, roi.x2, spatial_scale, rules);
    return true;
}

__device__ inline Cells cells_of_bin(
    const PooledBox& box, int ph, int pw, const Groups& groups, int H, int W, const Rules& rules
) {
    Range rows = bin_cells(ph, box.y, groups.PH, rules), columns = bin_cells(pw, box.x, groups.PW, rules);
    return cells_on_map(rows, columns, H, W, rules);
}

// The cell y * W + x of a bin's maximum on `plane`, as roi_pool finds it; -1 where it is that of no cell.
__device__ inline int find_maximum(
    const feature_t* __restrict__ plane, const Strides& steps, const Cells& cells, int W
) {
    double on_map = (double)(cells.y_end - cells.y_start) * (cells.x_end - cells.x_start);
    if (on_map == 0) return -1;
    // the first maximum in row-major order, or the first NaN
    int found = cells.y_start * W + cells.x_start;
    value_t best = load(plane[cells.y_start * steps.row + cells.x_start * steps.column]);
    for (int y = cells.y_start; y < cells.y_end; y++) {
        for (int x = cells.x_start; x < cells.x_end; x++) {
            value_t value = load(plane[y * steps.row + x * steps.column]);
            bool best_is_number = best == best;
            if (!(value <= best) && best_is_number) {  // greater, or the first NaN
                best = value;
                found = y * W + x;
            }
        }
    }
    return cells.count > on_map && best < 0 ? -1 : found;  // -1: a 0 off the map is the maximum
}
