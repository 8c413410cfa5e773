// variants: feature box
// shared: position_sensitive.cuh
// Position-sensitive RoI pooling, one thread an output element: the average or maximum of each bin, on
// channels of its own. Reads like roikit/cpu/_ps_roi_pool.pyx.

// The average of a bin's cells on `plane`, the bin's own channel of one image.
__device__ inline value_t average_bin(
    const feature_t* __restrict__ plane, const Strides& steps, const Cells& cells
) {
    double total = 0;
    for (int y = cells.y_start; y < cells.y_end; y++) {
        for (int x = cells.x_start; x < cells.x_end; x++) total += load(plane[y * steps.row + x * steps.column]);
    }
    return (value_t)(total / cells.count);
}

// And the maximum.
__device__ inline value_t maximum_of_bin(
    const feature_t* __restrict__ plane, const Strides& steps, const Cells& cells, int W
) {
    int cell = find_maximum(plane, steps, cells, W);
    return cell < 0 ? (value_t)0 : (value_t)load(plane[cell / W * steps.row + cell % W * steps.column]);
}

// out[k, c, ph, pw] = average or maximum over bin (ph, pw) of rois[k] of that bin's own channel for c.
extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_pool_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW, int GH, int GW, double spatial_scale,
    int rounding, int split, int arithmetic, int round_pixels, int inclusive, int outside_is_zero,
    double minimum_size, double empty_value, double cell_offset, double start_added, double end_added,
    int maximum, Fault* fault
) {
    Rules rules = {
        rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero,
        minimum_size, empty_value, cell_offset, start_added, end_added,
    };
    Strides steps = {features_image, features_channel, features_row, features_column};
    Groups groups = {PH, PW, GH, GW};
    long long outputs = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < outputs; i += threads) {
        int pw = (int)(i % PW);
        int ph = (int)(i / PW % PH);
        int c = (int)(i / PW / PH % C);
        int k = (int)(i / PW / PH / C);
        value_t value = nan_value();
        PooledBox box;
        if (read_pooled_box(rois, k, N, spatial_scale, rules, fault, &box)) {
            int m = channel_of_bin(groups, c, ph, pw);
            Cells cells = cells_of_bin(box, ph, pw, groups, H, W, rules);
            const feature_t* plane = features + box.batch * steps.image + m * steps.channel;
            if (cells.count == 0) value = (value_t)empty_value;
            else value = maximum ? maximum_of_bin(plane, steps, cells, W) : average_bin(plane, steps, cells);
        }
        store(out + k * out_roi + c * out_channel + ph * out_row + pw * out_column, value);
    }
}
