// variants: feature box
// shared: backward.cuh precise.cuh
// The gradient of precise RoI pooling by the map, in two simple ways. Reads like
// roikit/cpu/_precise_roi_pool_backward.pyx.
//
//     precise_roi_pool_backward_plain    one thread a cell of the map: it adds what every bin gives to the cell,
//                                       in double, in the order of the definition
//     precise_roi_pool_backward_atomic   one thread a bin: it scatters to cells where other threads add, too, in
//                                       an order that changes from run to run, and so do the sums' last bits

// Add what all bins of one box, whose gradients on one channel start at `bins`, give to cell (y, x).
__device__ inline void add_box(
    double* sum, const feature_t* __restrict__ bins, const Strides& steps, const Box& box,
    int y, int x, int H, int W, int PH, int PW
) {
    for (int ph = 0; ph < PH; ph++) {
        Bin rows = precise_bin(box.y, ph, PH, H);
        if (!reaches(rows, y)) continue;
        double w_y = weight_of(rows, y);
        for (int pw = 0; pw < PW; pw++) {
            Bin columns = precise_bin(box.x, pw, PW, W);
            if (!reaches(columns, x)) continue;
            *sum += weight_of(columns, x) * (w_y * load(bins[ph * steps.row + pw * steps.column]));
        }
    }
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the weight of that cell in its bin.
extern "C" __global__ void __launch_bounds__(256, 2) precise_roi_pool_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW, double spatial_scale, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    long long cells = (long long)N * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, C, H, W, out_steps);
        double sum = 0;
        for (int k = 0; k < K; k++) {
            Box box;
            if (!read_box(rois, k, N, spatial_scale, fault, &box) || box.batch != at.n) continue;
            const feature_t* bins = grad + k * grad_steps.image + at.c * grad_steps.channel;
            add_box(&sum, bins, grad_steps, box, at.y, at.x, H, W, PH, PW);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, c, y, x] += sum of grad[k, c, ph, pw], each times the weight of that cell in its bin.
extern "C" __global__ void __launch_bounds__(256, 2) precise_roi_pool_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, int PH, int PW, double spatial_scale, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides steps = {sums_image, sums_channel, sums_row, sums_column};
    long long bins = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < bins; i += threads) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        Box box;
        if (!read_box(rois, bin.n, N, spatial_scale, fault, &box)) continue;
        Bin rows = precise_bin(box.y, bin.y, PH, H), columns = precise_bin(box.x, bin.x, PW, W);
        double value = load(grad[offset(bin, grad_steps)]);
        for (int y = rows.first; y < rows.end; y++) {
            double row = weight_of(rows, y) * value;
            for (int x = columns.first; x < columns.end; x++) {
                Element at = {box.batch, bin.c, y, x};
                atomicAdd(sums + offset(at, steps), (value_t)(weight_of(columns, x) * row));
            }
        }
    }
}
