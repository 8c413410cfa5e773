// variants: feature box index
// RoI pooling, one thread an output: quantize the box, cut it into bins, take the maximum (or the average) of
// each bin's cells. Reads like roikit/cpu/_roi_pool.pyx; roi_pool_fast.cu computes the same in less time.

struct Pooled { value_t value; long long index; };  // index: the maximum's cell, y * W + x, or -1

// Value of one bin on one channel, whose plane starts at `plane`.
__device__ inline Pooled pool_bin(
    const feature_t* __restrict__ plane, const Strides& steps, int H, int W, Range rows, Range columns,
    const Rules& rules, bool average
) {
    Range on_map_rows = clip_range(rows, H), on_map_columns = clip_range(columns, W);
    int y_start = (int)on_map_rows.start, y_end = (int)on_map_rows.end;
    int x_start = (int)on_map_columns.start, x_end = (int)on_map_columns.end;
    double cells = (double)(y_end - y_start) * (x_end - x_start);
    double off_map = 0;  // how many cells off the map take part as 0
    if (rules.outside_is_zero) {
        off_map = product((double)(rows.end - rows.start), (double)(columns.end - columns.start)) - cells;
    }
    Pooled pooled = {0, -1};

    if (cells + off_map == 0) {
        pooled.value = (value_t)rules.empty_value;
        return pooled;
    }
    if (average) {
        double total = 0;
        for (int y = y_start; y < y_end; y++) {
            for (int x = x_start; x < x_end; x++) total += load(plane[y * steps.row + x * steps.column]);
        }
        pooled.value = (value_t)(total / (cells + off_map));
        return pooled;
    }
    if (cells == 0) return pooled;

    // the first maximum in row-major order, or the first NaN
    value_t best = -infinity();
    long long index = (long long)y_start * W + x_start;  // right where all is -infinity
    for (int y = y_start; y < y_end; y++) {
        for (int x = x_start; x < x_end; x++) {
            value_t value = load(plane[y * steps.row + x * steps.column]);
            bool best_is_number = best == best;
            if (!(value <= best) && best_is_number) {  // greater, or the first NaN
                best = value;
                index = (long long)y * W + x;
            }
        }
    }
    if (off_map > 0 && best < 0) return pooled;  // a 0 off the map is the maximum
    pooled.value = best;
    pooled.index = index;
    return pooled;
}

// out[k, c, ph, pw] = maximum or average of channel c over a bin of rois[k]; argmax may be null.
extern "C" __global__ void __launch_bounds__(256, 3) roi_pool_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    feature_t* __restrict__ out, index_t* __restrict__ argmax,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale,
    int rounding, int split, int arithmetic, int round_pixels, int inclusive, int outside_is_zero,
    double minimum_size, double empty_value, double offset, double start_added, double end_added,
    int average, Fault* fault
) {
    Rules rules = {
        rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero,
        minimum_size, empty_value, offset, start_added, end_added,
    };
    Strides steps = {features_image, features_channel, features_row, features_column};
    long long outputs = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < outputs; i += threads) {
        // (k, c, ph, pw) is an element of the output
        int pw = (int)(i % PW);
        int ph = (int)(i / PW % PH);
        int c = (int)(i / PW / PH % C);
        int k = (int)(i / PW / PH / C);

        Pooled pooled = {nan_value(), -1};  // of a box that cannot be computed
        Roi roi;
        if (read_roi(rois, k, N, spatial_scale, fault, &roi)) {
            Extent region_rows = quantize_axis(roi.y1, roi.y2, spatial_scale, rules);
            Extent region_columns = quantize_axis(roi.x1, roi.x2, spatial_scale, rules);
            Range rows = bin_cells(ph, region_rows, PH, rules);
            Range columns = bin_cells(pw, region_columns, PW, rules);
            const feature_t* plane = features + roi.batch * steps.image + c * steps.channel;
            pooled = pool_bin(plane, steps, H, W, rows, columns, rules, average);
        }
        store(out + k * out_image + c * out_channel + ph * out_row + pw * out_column, pooled.value);
        if (argmax) {
            long long place = k * argmax_image + c * argmax_channel + ph * argmax_row + pw * argmax_column;
            argmax[place] = (index_t)pooled.index;
        }
    }
}
