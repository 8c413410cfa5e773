// variants: feature
// shared: paste.cuh
// Masks pasted into an image: each pixel of a box is read, bilinearly, from the mask that is stretched over
// the box, with zeros around it.

// Cell (i, j) of one padded mask.
__device__ inline value_t cell(
    const feature_t* __restrict__ mask, long long row, long long column, const Pasting& how, int i, int j
) {
    i -= how.padding;
    j -= how.padding;
    return i >= 0 && i < how.h && j >= 0 && j < how.w ? load(mask[i * row + j * column]) : 0;
}

// out[k, y, x] = mask k, stretched over its box, at pixel (y, x); 0 outside. One thread a pixel.
extern "C" __global__ void __launch_bounds__(256) paste_masks_plain(
    const feature_t* __restrict__ masks, const double* __restrict__ boxes, feature_t* __restrict__ out,
    long long masks_roi, long long masks_row, long long masks_column,
    long long out_roi, long long out_row, long long out_column,
    long long K, int h, int w, int H, int W, int padding, int by_pixels, Fault* fault
) {
    Pasting how = {h, w, H, W, padding, by_pixels};
    long long count = K * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        int x = (int)(i % W), y = (int)(i / W % H);
        long long k = i / W / H;
        value_t value = nan_value();
        Pasted rows, columns;
        if (read_pasted(boxes, k, how, fault, &rows, &columns)) {
            Tap row = paste_tap(rows, y), column = paste_tap(columns, x);
            const feature_t* mask = masks + k * masks_roi;
            value = !(row.inside && column.inside) ? 0 : blend(
                cell(mask, masks_row, masks_column, how, row.low, column.low),
                cell(mask, masks_row, masks_column, how, row.low, column.high),
                cell(mask, masks_row, masks_column, how, row.high, column.low),
                cell(mask, masks_row, masks_column, how, row.high, column.high),
                (value_t)row.fraction, (value_t)column.fraction
            );
        }
        store(out + k * out_roi + y * out_row + x * out_column, value);
    }
}
