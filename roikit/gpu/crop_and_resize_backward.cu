// variants: feature box
// shared: backward.cuh samples.cuh crop.cuh
// The gradient of crop_and_resize by the map, in two simple ways.
//
//     crop_and_resize_backward_plain    one thread a cell of the map: it adds what every point gives to the
//                                      cell, in double, in the order of the definition
//     crop_and_resize_backward_atomic   one thread a point: it scatters to cells where other threads add,
//                                      too, in an order that changes from run to run

// Add what all points of one crop, whose gradients on one channel start at `points`, give to cell (y, x).
__device__ inline void add_crop(
    double* sum, const feature_t* __restrict__ points, const Strides& steps, const Crop& crop,
    int y, int x, int H, int W, int bilinear
) {
    for (int ph = 0; ph < crop.y.count; ph++) {
        Tap row = crop_tap(crop.y, ph, H);
        if (!taps_cell(row, y)) continue;
        for (int pw = 0; pw < crop.x.count; pw++) {
            Tap column = crop_tap(crop.x, pw, W);
            if (!taps_cell(column, x)) continue;
            double value = load(points[ph * steps.row + pw * steps.column]);
            if (bilinear) add_sample(sum, y, x, row, column, value);
            else if (nearest(row) == y && nearest(column) == x) *sum += value;
        }
    }
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw], each times what the cell weighs at that point.
extern "C" __global__ void __launch_bounds__(256, 2) crop_and_resize_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW, int bilinear, int in_cells, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    long long cells = (long long)N * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, C, H, W, out_steps);
        double sum = 0;
        for (int k = 0; k < K; k++) {
            Crop crop;
            bool gives = read_crop(rois, k, N, H, W, PH, PW, in_cells, fault, &crop);
            if (!gives || crop.batch != at.n) continue;
            const feature_t* points = grad + k * grad_steps.image + at.c * grad_steps.channel;
            add_crop(&sum, points, grad_steps, crop, at.y, at.x, H, W, bilinear);
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, c, y, x] += sum of grad[k, c, ph, pw], each times what the cell weighs at that point.
extern "C" __global__ void __launch_bounds__(256, 2) crop_and_resize_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, value_t* __restrict__ sums,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, int PH, int PW, int bilinear, int in_cells, Fault* fault
) {
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides steps = {sums_image, sums_channel, sums_row, sums_column};
    long long points = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < points; i += threads) {
        Element point = element_at(i, C, PH, PW, grad_steps);
        Crop crop;
        if (!read_crop(rois, point.n, N, H, W, PH, PW, in_cells, fault, &crop)) continue;
        Tap row = crop_tap(crop.y, point.y, H), column = crop_tap(crop.x, point.x, W);
        if (!(row.inside && column.inside)) continue;
        value_t value = load(grad[offset(point, grad_steps)]);
        value_t* plane = sums + crop.batch * steps.image + point.c * steps.channel;
        if (bilinear) scatter(plane, steps, row, column, value);
        else atomicAdd(plane + nearest(row) * steps.row + nearest(column) * steps.column, value);
    }
}
