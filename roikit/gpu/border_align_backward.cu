// variants: feature box index
// shared: backward.cuh samples.cuh border.cuh
// The gradient of border align by the map, in two simple ways. Reads like roikit/cpu/_border_align_backward.pyx.
//
//     border_align_backward_plain    one thread a cell of the map: it looks for the maxima beside it, and adds
//                                   in double, in the order of the definition
//     border_align_backward_atomic   one thread a maximum: it scatters to cells where other threads add, too, in
//                                   an order that changes from run to run, and so do the last bits of the sums

// Elements between neighbours along each axis of grad and argmax, (K, C, 4).
struct Steps { long long roi, channel, side; };

__device__ __forceinline__ long long place(const Steps& steps, int k, int c, int side) {
    return k * steps.roi + c * steps.channel + side * steps.side;
}

// The point of a maximum, or -1 for a number that is none.
__device__ inline int point_of(const index_t* __restrict__ argmax, long long place, int pool_size) {
    long long i = argmax[place];
    return i >= 0 && i <= pool_size ? (int)i : -1;
}

// out[n, side * C + c, y, x] = sum of grad[k, c, side], each times the weight of that cell at its point.
extern "C" __global__ void __launch_bounds__(256, 2) border_align_backward_plain(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const index_t* __restrict__ argmax,
    feature_t* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_side,
    long long argmax_roi, long long argmax_channel, long long argmax_side,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, double spatial_scale, int pool_size, Fault* fault
) {
    Steps grad_steps = {grad_roi, grad_channel, grad_side}, steps = {argmax_roi, argmax_channel, argmax_side};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    long long cells = (long long)N * SIDES * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < cells; i += threads) {
        Element at = element_at(i, SIDES * C, H, W, out_steps);
        int s = at.c / C, c = at.c % C;
        double sum = 0;
        for (int k = 0; k < K; k++) {
            Side side;
            int point = point_of(argmax, place(steps, k, c, s), pool_size);
            if (!read_side(rois, k, N, s, spatial_scale, pool_size, fault, &side)) continue;
            if (point < 0 || side.batch != at.n) continue;
            Tap row = exact_tap(y_at(side, point), H), column = exact_tap(x_at(side, point), W);
            if (!taps_cell(row, at.y) || !taps_cell(column, at.x)) continue;
            add_sample(&sum, at.y, at.x, row, column, load(grad[place(grad_steps, k, c, s)]));
        }
        store(out + offset(at, out_steps), (value_t)sum);
    }
}

// sums[n, side * C + c, y, x] += sum of grad[k, c, side], each times the weight of that cell at its point.
extern "C" __global__ void __launch_bounds__(256, 2) border_align_backward_atomic(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const index_t* __restrict__ argmax,
    value_t* __restrict__ sums,
    long long grad_roi, long long grad_channel, long long grad_side,
    long long argmax_roi, long long argmax_channel, long long argmax_side,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    int N, int C, int H, int W, int K, double spatial_scale, int pool_size, Fault* fault
) {
    Steps grad_steps = {grad_roi, grad_channel, grad_side}, steps = {argmax_roi, argmax_channel, argmax_side};
    Strides sums_steps = {sums_image, sums_channel, sums_row, sums_column};
    long long maxima = (long long)K * C * SIDES, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < maxima; i += threads) {
        int s = (int)(i % SIDES), c = (int)(i / SIDES % C), k = (int)(i / SIDES / C);
        Side side;
        int point = point_of(argmax, place(steps, k, c, s), pool_size);
        if (!read_side(rois, k, N, s, spatial_scale, pool_size, fault, &side) || point < 0) continue;
        Tap row = axis_tap(y_at(side, point), H), column = axis_tap(x_at(side, point), W);
        if (!(row.inside && column.inside)) continue;
        long long channel = (long long)s * C + c;
        value_t* plane = sums + side.batch * sums_steps.image + channel * sums_steps.channel;
        scatter(plane, sums_steps, row, column, load(grad[place(grad_steps, k, c, s)]));
    }
}
