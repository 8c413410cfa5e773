// variants: feature box
// shared: roi_align.cuh backward.cuh samples.cuh box_gradient.cuh moves.cuh
// The gradient of average RoIAlign by the boxes: the map's slope at each sample, times how far the sample moves
// with the box. Reads like roikit/cpu/_roi_align_backward_rois.pyx.
//
// A block a box. Its threads share the rows of samples of all bins and channels.

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2; NaN of a faulty box.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) roi_align_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    if (k >= K) return;
    Region box;
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, true};
    bool known = read_region(rois, k, N, PH, PW, how, threadIdx.x == 0 ? fault : nullptr, &box);
    Gradient mine = {0, 0, 0, 0};
    if (known) {
        const box_t* ends = rois + (long long)k * 5 + 1;
        Span rows = span(box.y, ends[1], ends[3], spatial_scale, aligned, PH, box.count_y);
        Span columns = span(box.x, ends[0], ends[2], spatial_scale, aligned, PW, box.count_x);
        long long bins = (long long)C * PH * PW;
        for (long long i = threadIdx.x; i < bins * rows.count; i += BOX_THREADS) {
            Element bin = element_at(i % bins, C, PH, PW, grad_steps);
            bin.n = k;
            const feature_t* plane = features + box.batch * steps.image + bin.c * steps.channel;
            double value = load(grad[offset(bin, grad_steps)]);
            add_row(&mine, value, plane, steps, H, W, rows, columns, bin.y, bin.x, (int)(i / bins));
        }
    }
    double samples = known ? fmax((double)box.count_y * box.count_x, 1.0) : 1;  // of a bin
    write_sum(mine, known, spatial_scale / samples, out, k);
}
