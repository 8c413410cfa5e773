// variants: feature box
// shared: roi_align.cuh samples.cuh position_sensitive.cuh maxima.cuh
// Position-sensitive RoIAlign, one thread an output element: each bin is the average, or maximum, of its
// samples, on channels of its own. Reads like roikit/cpu/_ps_roi_align.pyx.

// One bin of one RoI from `plane`, the bin's own channel of one image.
__device__ inline value_t align_bin(
    const feature_t* __restrict__ plane, const Strides& steps, int H, int W, const Region& region,
    int PH, int PW, int ph, int pw, int mode, double empty_value
) {
    bool empty = region.count_y == 0 || region.count_x == 0;  // an empty box, sampled adaptively
    if (empty) return (value_t)(empty_value + 0);
    double sum = 0;
    value_t best = -infinity();
    for (int iy = 0; iy < region.count_y; iy++) {
        Tap row = axis_tap(sample_point(region.y, PH, region.count_y, ph, iy), H);
        if (!row.inside) {  // all its samples are alike
            best = larger((value_t)empty_value, best);
            continue;
        }
        for (int ix = 0; ix < region.count_x; ix++) {
            Tap column = axis_tap(sample_point(region.x, PW, region.count_x, pw, ix), W);
            value_t value = read_sample(plane, steps, row, column);
            sum += value;
            best = larger(column.inside ? value : (value_t)empty_value, best);
        }
    }
    if (mode == MAX) return best + 0;  // 0 has no sign
    return (value_t)(sum / ((double)region.count_y * region.count_x));  // samples outside stay in the divisor
}

extern "C" __global__ void __launch_bounds__(256, 2) ps_roi_align_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW, int GH, int GW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int mode, double empty_value, Fault* fault
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, mode == AVERAGE};
    Groups groups = {PH, PW, GH, GW};
    long long outputs = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < outputs; i += threads) {
        int pw = (int)(i % PW);
        int ph = (int)(i / PW % PH);
        int c = (int)(i / PW / PH % C);
        int k = (int)(i / PW / PH / C);
        value_t value = nan_value();
        Region region;
        if (read_region(rois, k, N, PH, PW, how, fault, &region)) {
            int m = channel_of_bin(groups, c, ph, pw);
            const feature_t* plane = features + region.batch * steps.image + m * steps.channel;
            value = align_bin(plane, steps, H, W, region, PH, PW, ph, pw, mode, empty_value);
        }
        store(out + k * out_roi + c * out_channel + ph * out_row + pw * out_column, value);
    }
}
