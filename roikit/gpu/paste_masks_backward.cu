// variants: feature
// shared: backward.cuh samples.cuh paste.cuh
// The gradient of pasted masks by the masks, in two simple ways.
//
//     paste_masks_backward_plain    one thread a cell of a mask: it adds what every pixel gives to the cell,
//                                  in double, in the order of the definition
//     paste_masks_backward_atomic   one thread a pixel: it scatters to cells where other threads add, too,
//                                  in an order that changes from run to run

// out[k, i, j] = sum of grad[k, y, x], each times what cell (i, j) of mask k weighs at that pixel. The masks'
// axis of length 1, between k and i, is there for what all gradients share.
extern "C" __global__ void __launch_bounds__(256, 2) paste_masks_backward_plain(
    const feature_t* __restrict__ grad, const double* __restrict__ boxes, feature_t* __restrict__ out,
    long long grad_roi, long long grad_row, long long grad_column,
    long long out_roi, long long out_one, long long out_row, long long out_column,
    long long K, int h, int w, int H, int W, int padding, int by_pixels, Fault* fault
) {
    Pasting how = {h, w, H, W, padding, by_pixels};
    long long cells = K * h * w, threads = (long long)gridDim.x * blockDim.x;
    for (long long n = (long long)blockIdx.x * blockDim.x + threadIdx.x; n < cells; n += threads) {
        int j = (int)(n % w), i = (int)(n / w % h);
        long long k = n / w / h;
        double sum = 0;
        Pasted rows, columns;
        bool gives = read_pasted(boxes, k, how, fault, &rows, &columns);
        for (int y = 0; gives && y < H; y++) {
            Tap row = paste_tap(rows, y);
            if (!taps_cell(row, i + padding)) continue;
            for (int x = 0; x < W; x++) {
                Tap column = paste_tap(columns, x);
                if (!taps_cell(column, j + padding)) continue;
                double value = load(grad[k * grad_roi + y * grad_row + x * grad_column]);
                add_sample(&sum, i + padding, j + padding, row, column, value);
            }
        }
        store(out + k * out_roi + i * out_row + j * out_column, (value_t)sum);
    }
}

// Add to cell (i, j) of one padded mask; what its padding is given is lost.
__device__ inline void add_cell(
    value_t* mask, long long row, long long column, const Pasting& how, int i, int j, value_t value
) {
    i -= how.padding;
    j -= how.padding;
    if (i >= 0 && i < how.h && j >= 0 && j < how.w) atomicAdd(mask + i * row + j * column, value);
}

// sums[k, i, j] += sum of grad[k, y, x], each times what cell (i, j) of mask k weighs at that pixel.
extern "C" __global__ void __launch_bounds__(256, 2) paste_masks_backward_atomic(
    const feature_t* __restrict__ grad, const double* __restrict__ boxes, value_t* __restrict__ sums,
    long long grad_roi, long long grad_row, long long grad_column,
    long long sums_roi, long long sums_one, long long sums_row, long long sums_column,
    long long K, int h, int w, int H, int W, int padding, int by_pixels, Fault* fault
) {
    Pasting how = {h, w, H, W, padding, by_pixels};
    long long pixels = K * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < pixels; i += threads) {
        int x = (int)(i % W), y = (int)(i / W % H);
        long long k = i / W / H;
        Pasted rows, columns;
        if (!read_pasted(boxes, k, how, fault, &rows, &columns)) continue;
        Tap row = paste_tap(rows, y), column = paste_tap(columns, x);
        if (!(row.inside && column.inside)) continue;
        value_t value = load(grad[k * grad_roi + y * grad_row + x * grad_column]);
        value_t top = (value_t)(1 - row.fraction) * value, bottom = (value_t)row.fraction * value;
        value_t left = (value_t)(1 - column.fraction), right = (value_t)column.fraction;
        value_t* mask = sums + k * sums_roi;
        add_cell(mask, sums_row, sums_column, how, row.low, column.low, left * top);
        add_cell(mask, sums_row, sums_column, how, row.low, column.high, right * top);
        add_cell(mask, sums_row, sums_column, how, row.high, column.low, left * bottom);
        add_cell(mask, sums_row, sums_column, how, row.high, column.high, right * bottom);
    }
}
