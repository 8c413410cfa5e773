// variants: feature
// shared: roi_align.cuh samples.cuh rotated.cuh
// RoIAlign of rotated boxes: a thread averages a bin of several channels. Where its samples lie, most of the
// arithmetic and all of it in double, is worked out once for them.
//
// Lanes lie along the bins; where channels are neighbours in memory, along the channels.

#define PLANES 8  // channels of a thread, `lanes` apart

// Adds one sample of each of a thread's channels; `plane` is that of the first, the last is `left` further on.
__device__ __forceinline__ void add_samples(
    double* sums, const feature_t* __restrict__ plane, const Strides& steps, int lanes, int left,
    const Tap& row, const Tap& column
) {
    #pragma unroll
    for (int j = 0; j < PLANES; j++) {
        sums[j] += read_sample(plane + min(j * lanes, left) * steps.channel, steps, row, column);
    }
}

// The same numbers as roi_align_rotated_plain writes, bit for bit. `lanes` is 1 or how many lie along channels.
extern "C" __global__ void __launch_bounds__(256, 2) roi_align_rotated_fast(
    const feature_t* __restrict__ features, const double* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int lanes, Fault* fault
) {
    Strides from = {features_image, features_channel, features_row, features_column};
    long long chunks = (C + lanes * PLANES - 1) / (lanes * PLANES);
    long long count = lanes * PW * (long long)PH * chunks * K, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        int pw = (int)(i / lanes % PW);
        int ph = (int)(i / lanes / PW % PH);
        int first = (int)(i / lanes / PW / PH % chunks) * lanes * PLANES + (int)(i % lanes);
        int k = (int)(i / lanes / PW / PH / chunks);
        int left = C - 1 - first;  // channels after the first
        if (left < 0) continue;
        double sums[PLANES] = {};
        Frame box;
        Cut cut = {PH, PW, 0, 0};
        bool known = read_rotated(
            rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box, &cut
        );
        for (int iy = 0; known && iy < cut.count_y; iy++) {
            if (row_is_beyond(area_of_map(H, W), box, cut, ph, pw, iy)) continue;
            for (int ix = 0; ix < cut.count_x; ix++) {
                Point point = sample_of(box, cut, ph, pw, iy, ix);
                Tap row = axis_tap(point.y, H), column = axis_tap(point.x, W);
                if (!(row.inside && column.inside)) continue;
                const feature_t* plane = features + box.batch * from.image + first * from.channel;
                add_samples(sums, plane, from, lanes, left, row, column);
            }
        }
        double samples = known ? fmax((double)cut.count_y * cut.count_x, 1.0) : (double)nan_value();
        feature_t* bin = out + k * out_roi + first * out_channel + ph * out_row + pw * out_column;
        #pragma unroll
        for (int j = 0; j < PLANES; j++) {
            if (j * lanes <= left) store(bin + j * lanes * out_channel, (value_t)(sums[j] / samples));
        }
    }
}
