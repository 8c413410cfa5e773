// variants: feature
// Of the masks that a network makes for every class, the one of each RoI's own class.

// out[k] = masks[k, labels[k]]; NaN where that is no class. One thread a cell.
extern "C" __global__ void __launch_bounds__(256) select_class_masks_plain(
    const feature_t* __restrict__ masks, const long long* __restrict__ labels, feature_t* __restrict__ out,
    long long masks_roi, long long masks_class, long long masks_row, long long masks_column,
    long long out_roi, long long out_row, long long out_column,
    long long K, int classes, int h, int w
) {
    long long count = K * h * w, threads = (long long)gridDim.x * blockDim.x;
    for (long long n = (long long)blockIdx.x * blockDim.x + threadIdx.x; n < count; n += threads) {
        int j = (int)(n % w), i = (int)(n / w % h);
        long long k = n / w / h, label = labels[k];
        feature_t* place = out + k * out_roi + i * out_row + j * out_column;
        bool known = label >= 0 && label < classes;
        const feature_t* mask = masks + k * masks_roi + (known ? label : 0) * masks_class;
        store(place, known ? load(mask[i * masks_row + j * masks_column]) : nan_value());
    }
}
