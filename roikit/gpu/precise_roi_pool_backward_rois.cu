// variants: feature box
// shared: backward.cuh precise.cuh box_gradient.cuh
// The gradient of precise RoI pooling by the boxes: the surface's mean slope over each piece of a bin, times how
// far the piece's middle moves with the box. A block a box, whose threads share the bins of all channels. Reads
// like roikit/cpu/_precise_roi_pool_backward_rois.pyx.

// The gradient of `grad` times one bin on `map`, one channel of one image.
__device__ inline Gradient bin_gradient(
    double grad, const feature_t* __restrict__ map, const Strides& steps, const Bin& rows, const Bin& columns,
    int ph, int pw, int PH, int PW
) {
    Gradient total = {0, 0, 0, 0};
    for (int y = rows.first; y < rows.end; y++) {
        double row = 0, row_by_x1 = 0, row_by_x2 = 0;
        for (int x = columns.first; x < columns.end; x++) {
            double value = grad * load(map[y * steps.row + x * steps.column]);
            Moves across = moves_of(columns, x, pw, PW);
            row += weight_of(columns, x) * value;
            row_by_x1 += across.by_start * value;
            row_by_x2 += across.by_end * value;
        }
        double w_y = weight_of(rows, y);
        Moves down = moves_of(rows, y, ph, PH);
        Gradient of_row = {w_y * row_by_x1, down.by_start * row, w_y * row_by_x2, down.by_end * row};
        add(&total, of_row);
    }
    return total;
}

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) precise_roi_pool_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW, double spatial_scale, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    if (k >= K) return;
    Gradient mine = {0, 0, 0, 0};
    Box box;
    bool known = read_box(rois, k, N, spatial_scale, threadIdx.x == 0 ? fault : nullptr, &box);
    long long bins = known ? (long long)C * PH * PW : 0;
    for (long long i = threadIdx.x; i < bins; i += BOX_THREADS) {
        Element bin = element_at(i, C, PH, PW, grad_steps);
        bin.n = k;
        const feature_t* map = features + box.batch * steps.image + bin.c * steps.channel;
        Bin rows = precise_bin(box.y, bin.y, PH, H), columns = precise_bin(box.x, bin.x, PW, W);
        double value = load(grad[offset(bin, grad_steps)]);
        add(&mine, bin_gradient(value, map, steps, rows, columns, bin.y, bin.x, PH, PW));
    }
    write_sum(mine, known, spatial_scale, out, k);
}
