// variants: feature
// shared: roi_align.cuh backward.cuh samples.cuh rotated.cuh
// The gradient of RoIAlign of rotated boxes by the map. Reads like roikit/cpu/_roi_align_rotated_backward.pyx.
//
//     roi_align_rotated_backward_plain    one thread a cell of the map: it adds what every sample gives to the
//                                         cell, in double, in the order of the definition
//     roi_align_rotated_backward_atomic   one thread a bin: it scatters to cells where other threads add, too

// Whether a box may have samples that read a cell: all lie within half of its height and width of the centre,
// along its own sides, and read cells at most one further, or two where they are clamped to the map.
__device__ inline bool may_reach(const Frame& box, int y, int x) {
    double reach = (box.height + box.width) / 2 + 3;
    return fabs(y - box.y) <= reach && fabs(x - box.x) <= reach;
}

// Add what all bins of one box, whose gradients on one channel start at `bins`, give to cell (y, x).
__device__ inline void add_box(
    double* sum, const feature_t* __restrict__ bins, const Strides& steps, const Frame& box, const Cut& cut,
    int y, int x, int H, int W
) {
    double count = (double)cut.count_y * cut.count_x;  // samples outside the map stay in the divisor
    for (int ph = 0; ph < cut.PH; ph++) {
        for (int pw = 0; pw < cut.PW; pw++) {
            for (int iy = 0; iy < cut.count_y; iy++) {
                for (int ix = 0; ix < cut.count_x; ix++) {
                    Point point = sample_of(box, cut, ph, pw, iy, ix);
                    Tap row = axis_tap(point.y, H), column = axis_tap(point.x, W);
                    if (!taps_cell(row, y) || !taps_cell(column, x)) continue;
                    double share = load(bins[ph * steps.row + pw * steps.column]) / count;
                    add_sample(sum, y, x, row, column, share);
                }
            }
        }
    }
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) roi_align_rotated_backward_plain(
    const feature_t* __restrict__ grad, const double* __restrict__ rois, feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    long long cells = (long long)N * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, C, H, W, out_steps);
        double sum = 0;
        for (int k = 0; k < K; k++) {
            Frame box;
            Cut cut;
            bool known = read_rotated(
                rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box, &cut
            );
            if (!known || box.batch != at.n || !may_reach(box, at.y, at.x)) continue;
            const feature_t* bins = grad + k * grad_steps.image + at.c * grad_steps.channel;
            add_box(&sum, bins, grad_steps, box, cut, at.y, at.x, H, W);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, c, y, x] += sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) roi_align_rotated_backward_atomic(
    const feature_t* __restrict__ grad, const double* __restrict__ rois, value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides steps = {sums_image, sums_channel, sums_row, sums_column};
    long long bins = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        Frame box;
        Cut cut;
        bool known = read_rotated(
            rois, bin.n, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box, &cut
        );
        if (!known) continue;
        double count = (double)cut.count_y * cut.count_x;  // samples outside the map stay in the divisor
        value_t share = (value_t)(load(grad[offset(bin, grad_steps)]) / count);
        value_t* plane = sums + box.batch * steps.image + bin.c * steps.channel;
        for (int iy = 0; iy < cut.count_y; iy++) {
            for (int ix = 0; ix < cut.count_x; ix++) {
                Point point = sample_of(box, cut, bin.y, bin.x, iy, ix);
                Tap row = axis_tap(point.y, H), column = axis_tap(point.x, W);
                if (row.inside && column.inside) scatter(plane, steps, row, column, share);
            }
        }
    }
}
