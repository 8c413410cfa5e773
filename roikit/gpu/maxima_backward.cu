// variants: feature box
// shared: roi_align.cuh backward.cuh samples.cuh position_sensitive.cuh maxima.cuh
// The gradient of maxima of samples by the map, of RoIAlign and of its position-sensitive kin: RoIAlign has one
// group of channels. In two simple ways, as that of the average:
//
//     maxima_places            one thread a bin: it finds where the bin has its maximum, for the next one
//     maxima_backward_plain    one thread a cell of the map: it adds what every bin gives to the cell, in
//                              double, in the order of the definition
//     maxima_backward_atomic   one thread a bin: it finds its maximum and scatters to cells where other
//                              threads add, too

#define NOWHERE (-1)

// A bin's place as one number, and back again. There are at most 4096 × 4096 samples.
__device__ __forceinline__ int place_of(const Largest& found, int count_x) {
    return found.inside ? (found.iy * count_x + found.ix) * 4 + found.corner : NOWHERE;
}

__device__ __forceinline__ Largest at_place(int place, int count_x) {
    Largest found = {place >= 0, place / 4 / count_x, place / 4 % count_x, place % 4};
    return found;
}

// places[k, c, ph, pw] = where the maximum of a bin was found, in (K, C, PH, PW) without gaps.
extern "C" __global__ void __launch_bounds__(256, 2) maxima_places(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, int* __restrict__ places,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int M, int H, int W, int K, int PH, int PW, int GH, int GW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int mode, double empty_value, Fault* fault
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    Groups groups = {PH, PW, GH, GW};
    int C = M / GH / GW;
    Strides gapless = {(long long)C * PH * PW, (long long)PH * PW, PW, 1};
    long long bins = K * gapless.image, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, gapless);
        places[offset(bin, gapless)] = NOWHERE;
        Region box;
        bool gives = read_giving_region(
            rois, bin.n, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box
        );
        if (!gives) continue;
        int m = channel_of_bin(groups, bin.c, bin.y, bin.x);
        const feature_t* plane = features + box.batch * steps.image + m * steps.channel;
        Largest found = largest_sample(plane, steps, H, W, box, PH, PW, bin.y, bin.x, mode, empty_value);
        places[offset(bin, gapless)] = place_of(found, box.count_x);
    }
}

// Add what one bin, whose gradient is `share`, gives to cell (y, x).
__device__ inline void add_largest(
    double* sum, double share, const Largest& found, const Region& box, const Groups& groups, int ph, int pw,
    int y, int x, int H, int W, int mode
) {
    Tap row = exact_tap(sample_point(box.y, groups.PH, box.count_y, ph, found.iy), H);
    Tap column = exact_tap(sample_point(box.x, groups.PW, box.count_x, pw, found.ix), W);
    if (!taps_cell(row, y) || !taps_cell(column, x)) return;
    Corner at = corner_of(row, column, found.corner);
    if (mode == MAX) {
        add_sample(sum, y, x, row, column, share);
    } else if (at.y == y && at.x == x) {
        *sum += at.part_y * at.part_x * share;
    }
}

// out[n, m, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) maxima_backward_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    const int* __restrict__ places, feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int M, int H, int W, int K, int PH, int PW, int GH, int GW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int mode, double empty_value, Fault* fault
) {
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
            Region box;
            bool gives = read_giving_region(
                rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box
            );
            if (!gives || box.batch != at.n) continue;
            const feature_t* bins = grad + k * grad_steps.image + reader.c * grad_steps.channel;
            for (int ph = 0; ph < PH; ph++) {
                if (group_row(groups, ph) != reader.gh) continue;
                for (int pw = 0; pw < PW; pw++) {
                    if (group_column(groups, pw) != reader.gw) continue;
                    int place = places[(((long long)k * C + reader.c) * PH + ph) * PW + pw];
                    if (place == NOWHERE) continue;
                    double share = load(bins[ph * grad_steps.row + pw * grad_steps.column]);
                    Largest found = at_place(place, box.count_x);
                    add_largest(&sum, share, found, box, groups, ph, pw, at.y, at.x, H, W, mode);
                }
            }
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, m, y, x] += sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) maxima_backward_atomic(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    const int* __restrict__ places, value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int M, int H, int W, int K, int PH, int PW, int GH, int GW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int mode, double empty_value, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {sums_image, sums_channel, sums_row, sums_column};
    Groups groups = {PH, PW, GH, GW};
    int C = M / GH / GW;
    long long bins = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        Region box;
        bool gives = read_giving_region(
            rois, bin.n, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box
        );
        if (!gives) continue;
        int m = channel_of_bin(groups, bin.c, bin.y, bin.x);
        const feature_t* plane = features + box.batch * from.image + m * from.channel;
        Largest found = largest_sample(plane, from, H, W, box, PH, PW, bin.y, bin.x, mode, empty_value);
        if (!found.inside) continue;
        value_t share = load(grad[offset(bin, grad_steps)]);
        value_t* total = sums + box.batch * to.image + m * to.channel;
        double y = sample_point(box.y, PH, box.count_y, bin.y, found.iy);
        double x = sample_point(box.x, PW, box.count_x, bin.x, found.ix);
        if (mode == MAX) {
            scatter(total, to, axis_tap(y, H), axis_tap(x, W), share);
        } else {
            Corner at = corner_of(exact_tap(y, H), exact_tap(x, W), found.corner);
            atomicAdd(total + at.y * to.row + at.x * to.column, (value_t)(at.part_y * at.part_x * share));
        }
    }
}
