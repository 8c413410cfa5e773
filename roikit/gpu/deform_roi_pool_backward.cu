// variants: feature box
// shared: roi_align.cuh backward.cuh samples.cuh deform.cuh
// The gradient of deformable RoI pooling by the map. Reads like roikit/cpu/_deform_roi_pool_backward.pyx.
//
//     deform_roi_pool_backward_plain    one thread a cell of the map: it adds what every sample gives to the
//                                       cell, in double, in the order of the definition
//     deform_roi_pool_backward_atomic   one thread a bin: it scatters to cells where other threads add, too

// Add what all bins of one box, whose gradients on one channel start at `bins`, give to cell (y, x).
__device__ inline void add_box(
    double* sum, const feature_t* __restrict__ bins, const Strides& steps, const Deformed& box, double gamma,
    int y, int x, int H, int W
) {
    double count = (double)box.rows.count * box.columns.count;  // samples outside the map stay in the divisor
    for (int ph = 0; ph < box.rows.bins; ph++) {
        for (int pw = 0; pw < box.columns.bins; pw++) {
            double along_x = offset_x(box, ph, pw), along_y = offset_y(box, ph, pw);
            for (int iy = 0; iy < box.rows.count; iy++) {
                Tap row = axis_tap(shifted_point(box.rows, ph, iy, gamma, along_y), H);
                if (!taps_cell(row, y)) continue;
                for (int ix = 0; ix < box.columns.count; ix++) {
                    Tap column = axis_tap(shifted_point(box.columns, pw, ix, gamma, along_x), W);
                    if (!taps_cell(column, x)) continue;
                    double share = load(bins[ph * steps.row + pw * steps.column]) / count;
                    add_sample(sum, y, x, row, column, share);
                }
            }
        }
    }
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) deform_roi_pool_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const double* __restrict__ offsets,
    feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, double gamma, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    long long cells = (long long)N * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, C, H, W, out_steps);
        double sum = 0;
        for (int k = 0; k < K; k++) {
            Deformed box;
            bool known = read_deformed(
                rois, offsets, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, fault, &box
            );
            if (!known || box.batch != at.n) continue;
            const feature_t* bins = grad + k * grad_steps.image + at.c * grad_steps.channel;
            add_box(&sum, bins, grad_steps, box, gamma, at.y, at.x, H, W);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, c, y, x] += sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) deform_roi_pool_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const double* __restrict__ offsets,
    value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, double gamma, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides steps = {sums_image, sums_channel, sums_row, sums_column};
    long long bins = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        Deformed box;
        bool known = read_deformed(
            rois, offsets, bin.n, N, PH, PW, spatial_scale, ratio_y, ratio_x, fault, &box
        );
        if (!known) continue;
        double along_x = offset_x(box, bin.y, bin.x), along_y = offset_y(box, bin.y, bin.x);
        double count = (double)box.rows.count * box.columns.count;  // samples outside stay in the divisor
        value_t share = (value_t)(load(grad[offset(bin, grad_steps)]) / count);
        value_t* plane = sums + box.batch * steps.image + bin.c * steps.channel;
        for (int iy = 0; iy < box.rows.count; iy++) {
            Tap row = axis_tap(shifted_point(box.rows, bin.y, iy, gamma, along_y), H);
            if (!row.inside) continue;
            for (int ix = 0; ix < box.columns.count; ix++) {
                Tap column = axis_tap(shifted_point(box.columns, bin.x, ix, gamma, along_x), W);
                if (column.inside) scatter(plane, steps, row, column, share);
            }
        }
    }
}
