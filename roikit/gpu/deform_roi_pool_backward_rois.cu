// variants: feature box
// shared: roi_align.cuh backward.cuh samples.cuh deform.cuh box_gradient.cuh
// The gradient of deformable RoI pooling by the boxes: the map's slope at each sample, times how far the sample
// moves with the box and its shift. Reads like roikit/cpu/_deform_roi_pool_backward_rois.pyx.
//
// A block a box. Its threads share the rows of samples of all bins and channels.

// How far point i of bin p moves when the box's end moves by one cell; the start moves it by the rest.
__device__ inline double part_of_end(const Side& along, int p, int i, double gamma, double offset) {
    return (p + (i + 0.5) / along.count) / along.bins + gamma * offset;
}

// Add what row iy of the samples of bin (ph, pw) on one plane gives by x1, y1, x2 and y2.
__device__ inline void add_row(
    Gradient* sum, double grad, const feature_t* __restrict__ plane, const Strides& steps, int H, int W,
    const Deformed& box, double gamma, int ph, int pw, int iy
) {
    double along_x = offset_x(box, ph, pw), along_y = offset_y(box, ph, pw);
    if (!(along_x - along_x == 0 && along_y - along_y == 0)) {
        double unknown = nan_value();
        Gradient all = {unknown, unknown, unknown, unknown};
        add(sum, all);
        return;
    }
    double y = shifted_point(box.rows, ph, iy, gamma, along_y);
    if (!axis_tap(y, H).inside) return;
    double of_y2 = part_of_end(box.rows, ph, iy, gamma, along_y);
    for (int ix = 0; ix < box.columns.count; ix++) {
        double x = shifted_point(box.columns, pw, ix, gamma, along_x);
        if (!axis_tap(x, W).inside) continue;
        double of_x2 = part_of_end(box.columns, pw, ix, gamma, along_x);
        Slopes slope = point_slopes(grad, plane, steps, H, W, y, x);
        sum->by_x1 += slope.by_x * (1 - of_x2);
        sum->by_y1 += slope.by_y * (1 - of_y2);
        sum->by_x2 += slope.by_x * of_x2;
        sum->by_y2 += slope.by_y * of_y2;
    }
}

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2; NaN of a faulty box, or of
// an offset that is not finite.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) deform_roi_pool_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    const double* __restrict__ offsets, double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, double gamma, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    if (k >= K) return;
    Deformed box;
    bool known = read_deformed(
        rois, offsets, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, threadIdx.x == 0 ? fault : nullptr, &box
    );
    Gradient mine = {0, 0, 0, 0};
    if (known) {
        long long bins = (long long)C * PH * PW;
        for (long long i = threadIdx.x; i < bins * box.rows.count; i += BOX_THREADS) {
            Element bin = element_at(i % bins, C, PH, PW, grad_steps);
            bin.n = k;
            const feature_t* plane = features + box.batch * steps.image + bin.c * steps.channel;
            double value = load(grad[offset(bin, grad_steps)]);
            add_row(&mine, value, plane, steps, H, W, box, gamma, bin.y, bin.x, (int)(i / bins));
        }
    }
    double samples = known ? fmax((double)box.rows.count * box.columns.count, 1.0) : 1;  // of a bin
    write_sum(mine, known, spatial_scale / samples, out, k);
}
