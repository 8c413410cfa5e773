// variants: feature
// shared: roi_align.cuh backward.cuh samples.cuh rotated.cuh rotated_bins.cuh orientations.cuh
// The gradient of rotation-invariant RoIAlign by the map. Reads like
// roikit/cpu/_riroi_align_rotated_backward.pyx.
//
//     riroi_align_rotated_backward_plain    one thread a cell of the map: it adds what every sample gives to
//                                           the cell, in double, in the order of the definition
//     riroi_align_rotated_backward_atomic   one thread a bin of a channel of the map: it scatters to cells
//                                           where other threads add, too

// out[n, c, y, x] = sum of grad[k, o, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) riroi_align_rotated_backward_plain(
    const feature_t* __restrict__ grad, const double* __restrict__ rois, const double* __restrict__ shifts,
    feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int num_orientations, Fault* fault
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
            Unmixed given = unmixed(grad, grad_steps, k, at.c, read_shift(shifts, k), num_orientations);
            add_box(&sum, given, box, cut, at.y, at.x, H, W);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, c, y, x] += sum of grad[k, o, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) riroi_align_rotated_backward_atomic(
    const feature_t* __restrict__ grad, const double* __restrict__ rois, const double* __restrict__ shifts,
    value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int num_orientations, Fault* fault
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
        Unmixed given = unmixed(grad, grad_steps, bin.n, bin.c, read_shift(shifts, bin.n), num_orientations);
        value_t* plane = sums + box.batch * steps.image + bin.c * steps.channel;
        scatter_bin(plane, steps, given.at(bin.y, bin.x), box, cut, bin.y, bin.x, H, W);
    }
}
