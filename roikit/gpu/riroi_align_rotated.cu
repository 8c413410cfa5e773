// variants: feature
// shared: roi_align.cuh samples.cuh rotated.cuh rotated_bins.cuh orientations.cuh
// Rotation-invariant RoIAlign, the readable kernel: one thread an output element, any strides.

extern "C" __global__ void __launch_bounds__(256, 2) riroi_align_rotated_plain(
    const feature_t* __restrict__ features, const double* __restrict__ rois, const double* __restrict__ shifts,
    feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int num_orientations, Fault* fault
) {
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {out_roi, out_channel, out_row, out_column};
    long long count = (long long)K * C * PH * PW;
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
        int pw = (int)(i % PW);
        int ph = (int)(i / PW % PH);
        int c = (int)(i / PW / PH % C);
        int k = (int)(i / PW / PH / C);
        value_t value = nan_value();
        Frame box;
        Cut cut;
        if (read_rotated(rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box, &cut)) {
            Shift shift = read_shift(shifts, k);
            const feature_t* maps = features + box.batch * from.image;
            const feature_t* low = maps + further(c, shift.first, num_orientations) * from.channel;
            const feature_t* high = maps + further(c, shift.first + 1, num_orientations) * from.channel;
            value = (value_t)(
                (1 - shift.fraction) * average_of_bin(low, from, H, W, box, cut, ph, pw)
                + shift.fraction * average_of_bin(high, from, H, W, box, cut, ph, pw)
            );
        }
        store(out + k * to.image + c * to.channel + ph * to.row + pw * to.column, value);
    }
}

// For boxes on a GPU: how far their angles turn the orientations. rois (K, 6), shifts (K, 2); `turn` is how
// many radians, counter-clockwise, one unit of the angle is, and `full_turn` how many units a turn is.
extern "C" __global__ void orientation_shifts(
    const double* __restrict__ rois, double* __restrict__ shifts, int K, int num_orientations, double turn,
    int as_redet, double full_turn
) {
    int k = blockIdx.x * blockDim.x + threadIdx.x;
    if (k >= K) return;
    double steps = fmod(rois[6ll * k + 5], full_turn) * num_orientations / full_turn;
    if (turn < 0 && !as_redet) steps = -steps;
    double whole = floor(steps), first = fmod(as_redet ? -whole : whole, (double)num_orientations);
    shifts[2ll * k] = first < 0 ? first + num_orientations : first;
    shifts[2ll * k + 1] = steps - whole;
}
