// variants: feature box index
// shared: backward.cuh
// The gradient of RoI max pooling by the map, in two simple ways. Reads like
// roikit/cpu/_roi_pool_backward.pyx; roi_pool_backward_tiles.cu computes the first in less time.
//
//     roi_pool_backward_plain    one thread a cell of the map: it looks for the bins that were its own, and
//                               adds in double, in the order of the definition
//     roi_pool_backward_atomic   one thread a bin: it adds to a cell where other threads add, too, in an
//                               order that changes from run to run, and so do the last bits of the sums

// out[n, c, y, x] = sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x.
extern "C" __global__ void __launch_bounds__(256, 2) roi_pool_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const index_t* __restrict__ argmax,
    feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides argmax_steps = {argmax_image, argmax_channel, argmax_row, argmax_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    long long cells = (long long)N * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, C, H, W, out_steps);
        long long cell = (long long)at.y * W + at.x;
        double sum = 0;
        for (int k = 0; k < K; k++) {
            if (image_of_box(rois, k, N, fault) != at.n) continue;
            for (int ph = 0; ph < PH; ph++) {
                for (int pw = 0; pw < PW; pw++) {
                    Element bin = {k, at.c, ph, pw};
                    if (argmax[offset(bin, argmax_steps)] == cell) sum += load(grad[offset(bin, grad_steps)]);
                }
            }
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, c, y, x] += sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x.
extern "C" __global__ void __launch_bounds__(256, 2) roi_pool_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const index_t* __restrict__ argmax,
    value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, int PH, int PW, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides argmax_steps = {argmax_image, argmax_channel, argmax_row, argmax_column};
    Strides sums_steps = {sums_image, sums_channel, sums_row, sums_column};
    long long bins = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        long long cell = argmax[offset(bin, argmax_steps)];
        if (cell < 0 || cell >= (long long)H * W) continue;
        int image = image_of_box(rois, bin.n, N, fault);
        if (image < 0) continue;
        Element at = {image, bin.c, (int)(cell / W), (int)(cell % W)};
        atomicAdd(sums + offset(at, sums_steps), load(grad[offset(bin, grad_steps)]));
    }
}
