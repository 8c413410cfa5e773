// variants: feature
// shared: roi_align.cuh samples.cuh rotated.cuh rotated_bins.cuh
// RoIAlign of rotated boxes, the readable kernel: one thread an output element, any strides.

#define DEGREE 0.017453292519943295  // in radians

extern "C" __global__ void __launch_bounds__(256, 2) roi_align_rotated_plain(
    const feature_t* __restrict__ features, const double* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault
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
            const feature_t* map = features + box.batch * from.image + c * from.channel;
            value = (value_t)average_of_bin(map, from, H, W, box, cut, ph, pw);
        }
        store(out + k * to.image + c * to.channel + ph * to.row + pw * to.column, value);
    }
}

// For boxes on a GPU: their angles become cosines and sines. rois (K, 6), frames (K, 7); `turn` is how many
// radians, counter-clockwise, one unit of the angle is. Of multiples of 90 degrees exactly 0, 1 and -1.
extern "C" __global__ void rotated_frames(
    const double* __restrict__ rois, double* __restrict__ frames, int K, double turn
) {
    int k = blockIdx.x * blockDim.x + threadIdx.x;
    if (k >= K) return;
    const double* row = rois + (long long)k * 6;
    double* frame = frames + (long long)k * 7;
    for (int i = 0; i < 5; i++) frame[i] = row[i];
    double angle = row[5], quarters = 0;
    if (fabs(turn) < 1) {  // degrees
        double within = fmod(angle, 360.0);
        quarters = within == within ? rint(within / 90) : 0;  // no int is NaN
        angle = (within - 90 * quarters) * DEGREE;
    }
    double cosine = cos(angle), sine = sin(angle);
    for (int i = (int)quarters & 3; i > 0; i--) {
        double turned = -sine;
        sine = cosine;
        cosine = turned;
    }
    frame[5] = cosine;
    frame[6] = turn < 0 ? -sine : sine;
}
