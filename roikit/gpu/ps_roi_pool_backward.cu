// variants: feature box
// shared: backward.cuh position_sensitive.cuh
// The gradient of position-sensitive RoI pooling, in two simple ways. Reads like
// roikit/cpu/_ps_roi_pool_backward.pyx.
//
//     ps_roi_pool_backward_plain    one thread a cell of the map: it adds what every bin gives to the cell, in
//                                  double, in the order of the definition
//     ps_roi_pool_backward_atomic   one thread a bin: it scatters to cells where other threads add, too
//
// Of maxima both are told by `places` which cell has each bin's, as `ps_roi_pool_maxima` found it.

// places[k, c, ph, pw] = the cell y * W + x of the bin's maximum, or -1; places without gaps.
extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_pool_maxima(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, int* __restrict__ places,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int M, int H, int W, int K, int PH, int PW, int GH, int GW, double spatial_scale,
    int rounding, int split, int arithmetic, int round_pixels, int inclusive, int outside_is_zero,
    double minimum_size, double empty_value, double cell_offset, double start_added, double end_added,
    Fault* fault
) {
    Rules rules = {
        rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero,
        minimum_size, empty_value, cell_offset, start_added, end_added,
    };
    Strides steps = {features_image, features_channel, features_row, features_column};
    Groups groups = {PH, PW, GH, GW};
    int C = M / GH / GW;
    Strides gapless = {(long long)C * PH * PW, (long long)PH * PW, PW, 1};
    long long bins = K * gapless.image, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, gapless);
        int cell = -1;
        PooledBox box;
        if (read_pooled_box(rois, bin.n, N, spatial_scale, rules, fault, &box)) {
            int m = channel_of_bin(groups, bin.c, bin.y, bin.x);
            const feature_t* plane = features + box.batch * steps.image + m * steps.channel;
            cell = find_maximum(plane, steps, cells_of_bin(box, bin.y, bin.x, groups, H, W, rules), W);
        }
        places[offset(bin, gapless)] = cell;
    }
}

// Add what those bins of one box that read the cell's channel give to cell (y, x); their gradients on one
// channel start at `bins`, and the places of their maxima, if these are what they are, at `places`.
__device__ inline void add_box(
    double* sum, const feature_t* __restrict__ bins, const Strides& steps, const int* __restrict__ places,
    const PooledBox& box, const Groups& groups, const Reader& reader, const Rules& rules, int y, int x,
    int H, int W
) {
    for (int ph = 0; ph < groups.PH; ph++) {
        if (group_row(groups, ph) != reader.gh) continue;
        for (int pw = 0; pw < groups.PW; pw++) {
            if (group_column(groups, pw) != reader.gw) continue;
            const feature_t* bin = bins + ph * steps.row + pw * steps.column;
            if (places) {
                if (places[ph * groups.PW + pw] == y * W + x) *sum += load(*bin);
                continue;
            }
            Cells cells = cells_of_bin(box, ph, pw, groups, H, W, rules);
            bool reads = y >= cells.y_start && y < cells.y_end && x >= cells.x_start && x < cells.x_end;
            if (reads) *sum += load(*bin) / cells.count;
        }
    }
}

// out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_pool_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const int* __restrict__ places,
    feature_t* __restrict__ out,
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
    int C = M / GH / GW;
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
            const int* maxima = places ? places + ((long long)k * C + reader.c) * PH * PW : nullptr;
            add_box(&sum, bins, grad_steps, maxima, box, groups, reader, rules, at.y, at.x, H, W);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, m, y, x] += sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_pool_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const int* __restrict__ places,
    value_t* __restrict__ sums,
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
        int m = channel_of_bin(groups, bin.c, bin.y, bin.x);
        value_t* plane = sums + box.batch * steps.image + m * steps.channel;
        value_t value = load(grad[offset(bin, grad_steps)]);
        if (places) {
            int cell = places[(((long long)bin.n * C + bin.c) * PH + bin.y) * PW + bin.x];
            if (cell >= 0) atomicAdd(plane + cell / W * steps.row + cell % W * steps.column, value);
            continue;
        }
        Cells cells = cells_of_bin(box, bin.y, bin.x, groups, H, W, rules);
        value_t share = (value_t)(value / cells.count);
        for (int y = cells.y_start; y < cells.y_end; y++) {
            for (int x = cells.x_start; x < cells.x_end; x++) {
                atomicAdd(plane + y * steps.row + x * steps.column, share);
            }
        }
    }
}
