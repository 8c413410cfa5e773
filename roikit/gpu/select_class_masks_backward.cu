// variants: feature
// The gradient of `select_class_masks`: the mask of a RoI's own class gets all of it, the others nothing.

// out[k, label] = grad[k] for labels[k], and 0 for all others. One thread a cell of out.
extern "C" __global__ void __launch_bounds__(256) select_class_masks_backward_plain(
    const feature_t* __restrict__ grad, const long long* __restrict__ labels, feature_t* __restrict__ out,
    long long grad_roi, long long grad_row, long long grad_column,
    long long out_roi, long long out_class, long long out_row, long long out_column,
    long long K, int classes, int h, int w
) {
    long long count = K * classes * h * w, threads = (long long)gridDim.x * blockDim.x;
    for (long long n = (long long)blockIdx.x * blockDim.x + threadIdx.x; n < count; n += threads) {
        int j = (int)(n % w), i = (int)(n / w % h), label = (int)(n / w / h % classes);
        long long k = n / w / h / classes;
        feature_t* place = out + k * out_roi + label * out_class + i * out_row + j * out_column;
        store(place, label == labels[k] ? load(grad[k * grad_roi + i * grad_row + j * grad_column]) : 0);
    }
}
