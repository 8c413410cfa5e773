// variants: feature
// shared: roi_align.cuh backward.cuh samples.cuh rotated.cuh box_gradient.cuh rotated_moves.cuh orientations.cuh
// The gradient of rotation-invariant RoIAlign by the boxes: that of the rotated boxes and, by the angle, how
// their orientations are mixed. Reads like roikit/cpu/_riroi_align_rotated_backward_rois.pyx.
//
// A block a box. Its threads share the rows of samples of all bins and channels of the map.

// Add what row iy of the samples of bin (ph, pw) on one plane gives as the box turns and the bin's gradient
// grows by `rise`.
__device__ inline void add_mixing(
    Sums* sums, double rise, const feature_t* __restrict__ plane, const Strides& steps, int H, int W,
    const Frame& box, const Cut& cut, int ph, int pw, int iy
) {
    if (row_is_beyond(area_of_map(H, W), box, cut, ph, pw, iy)) return;
    for (int ix = 0; ix < cut.count_x; ix++) {
        Point point = sample_of(box, cut, ph, pw, iy, ix);
        Tap row = exact_tap(point.y, H), column = exact_tap(point.x, W);
        if (row.inside && column.inside) sums->by[4] += rise * read_exactly(plane, steps, row, column);
    }
}

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle; NaN of a
// faulty box. `turn` is how many radians, counter-clockwise, one unit of the angle is, and `orientations` how
// many orientations a radian.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) riroi_align_rotated_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const double* __restrict__ rois,
    const double* __restrict__ shifts, double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int num_orientations, double turn,
    double orientations, Fault* fault
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
        Shift shift = read_shift(shifts, k);
        long long bins = (long long)C * PH * PW;
        for (long long i = threadIdx.x; i < bins * cut.count_y; i += BOX_THREADS) {
            Element bin = element_at(i % bins, C, PH, PW, grad_steps);
            int ph = bin.y, pw = bin.x, iy = (int)(i / bins);
            const feature_t* plane = features + box.batch * steps.image + bin.c * steps.channel;
            Unmixed given = unmixed(grad, grad_steps, k, bin.c, shift, num_orientations);
            add_row(&mine, given.at(ph, pw), plane, steps, H, W, box, cut, ph, pw, iy, made);
            add_mixing(&mine, given.rise(ph, pw) * orientations, plane, steps, H, W, box, cut, ph, pw, iy);
        }
    }
    write_sums(mine, known, cut, spatial_scale, turn, out, k);
}
