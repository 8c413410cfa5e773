// variants: feature
// shared: roi_align.cuh backward.cuh samples.cuh rotated.cuh box_gradient.cuh rotated_moves.cuh
// The gradient of RoIAlign of rotated boxes by the boxes: the map's slope at each sample, times how far the
// sample moves with the box. Reads like roikit/cpu/_roi_align_rotated_backward_rois.pyx.
//
// A block a box. Its threads share the rows of samples of all bins and channels.

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle; NaN of a
// faulty box. `turn` is how many radians, counter-clockwise, one unit of the angle is.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) roi_align_rotated_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const double* __restrict__ rois,
    double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, double turn, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    if (k >= K) return;
    Frame box;
    Cut cut = {PH, PW, 0, 0};
    bool known = read_rotated(
        rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, threadIdx.x == 0 ? fault : nullptr, &box, &cut
    );
    Sums mine = {};
    if (known) {
        OneCell made = one_cell(rois, k, spatial_scale, aligned);
        long long bins = (long long)C * PH * PW;
        for (long long i = threadIdx.x; i < bins * cut.count_y; i += BOX_THREADS) {
            Element bin = element_at(i % bins, C, PH, PW, grad_steps);
            bin.n = k;
            const feature_t* plane = features + box.batch * steps.image + bin.c * steps.channel;
            double value = load(grad[offset(bin, grad_steps)]);
            add_row(&mine, value, plane, steps, H, W, box, cut, bin.y, bin.x, (int)(i / bins), made);
        }
    }
    write_sums(mine, known, cut, spatial_scale, turn, out, k);
}
