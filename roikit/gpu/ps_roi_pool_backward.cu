// variants: feature box
// shared: backward.cuh position_sensitive.cuh
// The gradient of position-sensitive RoI pooling, in two simple ways. Reads like
// roikit/cpu/_ps_roi_pool_backward.pyx.
//
//     ps_roi_pool_backward_plain    one thread a cell of the map: it adds what every bin gives to the cell, in
//                                  double, in the order of the definition
//     ps_roi_pool_backward_atomic   one thread a bin: it scatters to cells where other threads add, too

// Add what those bins of one box that read the cell's channel give to cell (y, x); their gradients on one
// channel start at `bins`.
__device__ inline void add_box(
    double* sum, const feature_t* __restrict__ bins, const Strides& steps, const PooledBox& box,
    const Groups& groups, const Reader& reader, const Rules& rules, int y, int x, int H, int W
) {
    for (int ph = 0; ph < groups.PH; ph++) {
        if (group_row(groups, ph) != reader.gh) continue;
        for (int pw = 0; pw < groups.PW; pw++) {
            if (group_column(groups, pw) != reader.gw) continue;
            Cells cells = cells_of_bin(box, ph, pw, groups, H, W, rules);
            bool reads = y >= cells.y_start && y < cells.y_end && x >= cells.x_start && x < cells.x_end;
            if (reads) *sum += load(bins[ph * steps.row + pw * steps.column]) / cells.count;
        }
    }
}

// out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_pool_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int M, int H, int W, int K, int PH, int PW, int GH, int GW, double spatial_scale,
    int rounding, int split, int arithmetic, int round_pixels, int inclusive, int outside_is_zero,
    double minimum_size, double empty_value, double cell_offset, double start_added, double end_added,
    Fault* fault
) {
    Rules rules = {
        rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero,
        minimum_size, empty_value, cell_offset, start_added, end_added,
    };
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    Groups groups = {PH, PW, GH, GW};
    long long cells = (long long)N * M * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, M, H, W, out_steps);  // at.c is a channel of the map
        Reader reader = reader_of_channel(groups, at.c);
        double sum = 0;
        for (int k = 0; k < K; k++) {
            PooledBox box;
            bool known = read_pooled_box(rois, k, N, spatial_scale, rules, fault, &box);
            if (!known || box.batch != at.n) continue;
            const feature_t* bins = grad + k * grad_steps.image + reader.c * grad_steps.channel;
            add_box(&sum, bins, grad_steps, box, groups, reader, rules, at.y, at.x, H, W);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, m, y, x] += sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_pool_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int M, int H, int W, int K, int PH, int PW, int GH, int GW, double spatial_scale,
    int rounding, int split, int arithmetic, int round_pixels, int inclusive, int outside_is_zero,
    double minimum_size, double empty_value, double cell_offset, double start_added, double end_added,
    Fault* fault
) {
    Rules rules = {
        rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero,
        minimum_size, empty_value, cell_offset, start_added, end_added,
    };
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides steps = {sums_image, sums_channel, sums_row, sums_column};
    Groups groups = {PH, PW, GH, GW};
    int C = M / GH / GW;
    long long bins = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        PooledBox box;
        if (!read_pooled_box(rois, bin.n, N, spatial_scale, rules, fault, &box)) continue;
        Cells cells = cells_of_bin(box, bin.y, bin.x, groups, H, W, rules);
        value_t share = (value_t)(load(grad[offset(bin, grad_steps)]) / cells.count);
        int m = channel_of_bin(groups, bin.c, bin.y, bin.x);
        value_t* plane = sums + box.batch * steps.image + m * steps.channel;
        for (int y = cells.y_start; y < cells.y_end; y++) {
            for (int x = cells.x_start; x < cells.x_end; x++) {
                atomicAdd(plane + y * steps.row + x * steps.column, share);
            }
        }
    }
}
