// variants: feature box
// shared: roi_align.cuh samples.cuh maxima.cuh
// RoIAlign, the readable kernel: one thread an output element, any strides.

// One bin of one RoI from `map`, one channel of one image: maximum or average of its samples.
__device__ inline value_t align_bin(
    const feature_t* __restrict__ map, Strides at, int H, int W, Region region, int PH, int PW,
    int ph, int pw, int mode, double empty_value
) {
    bool empty = region.count_y == 0 || region.count_x == 0;  // an empty box, sampled adaptively
    bool any_outside = false;
    double sum = 0;  // a float that adds up thousands of samples loses digits, and large ones overflow
    value_t best = -infinity();
    for (int iy = 0; iy < region.count_y; iy++) {
        Tap row = axis_tap(sample_point(region.y, PH, region.count_y, ph, iy), H);
        const feature_t* low = map + row.low * at.row;
        const feature_t* high = map + row.high * at.row;
        for (int ix = 0; ix < region.count_x; ix++) {
            Tap column = axis_tap(sample_point(region.x, PW, region.count_x, pw, ix), W);
            if (!row.inside || !column.inside) {
                any_outside = true;
                continue;
            }
            value_t top_left = load(low[column.low * at.column]), top_right = load(low[column.high * at.column]);
            value_t bottom_left = load(high[column.low * at.column]);
            value_t bottom_right = load(high[column.high * at.column]);
            value_t frac_y = (value_t)row.fraction, frac_x = (value_t)column.fraction;
            value_t value = mode == MAX_CORNERS
                ? largest_part(top_left, top_right, bottom_left, bottom_right, frac_y, frac_x)
                : blend(top_left, top_right, bottom_left, bottom_right, frac_y, frac_x);
            sum += value;
            best = larger(value, best);
        }
    }
    if (empty) return (value_t)(empty_value + 0);
    // Samples outside the map are 0, and stay in the divisor; in a maximum they are the empty value.
    if (mode == AVERAGE) return (value_t)(sum / ((double)region.count_y * region.count_x) + 0);
    if (any_outside) best = larger((value_t)empty_value, best);
    return best + 0;  // 0 has no sign
}

extern "C" __global__ void __launch_bounds__(256, 2) roi_align_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int mode, double empty_value, Fault* fault
) {
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {out_roi, out_channel, out_row, out_column};
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, mode == AVERAGE};
    long long count = (long long)K * C * PH * PW;
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
        int pw = (int)(i % PW);
        int ph = (int)(i / PW % PH);
        int c = (int)(i / PW / PH % C);
        int k = (int)(i / PW / PH / C);
        value_t value = nan_value();
        Region region;
        if (read_region(rois, k, N, PH, PW, how, fault, &region)) {
            const feature_t* map = features + region.batch * from.image + c * from.channel;
            value = align_bin(map, from, H, W, region, PH, PW, ph, pw, mode, empty_value);
        }
        store(out + k * to.image + c * to.channel + ph * to.row + pw * to.column, value);
    }
}
