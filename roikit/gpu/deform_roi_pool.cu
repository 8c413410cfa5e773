// variants: feature box
// shared: roi_align.cuh samples.cuh deform.cuh
// Deformable RoI pooling, the readable kernel: one thread an output element, any strides.

// The average of the samples of one shifted bin on one channel of one image; NaN of an offset that is not
// finite.
__device__ inline value_t average_of_bin(
    const feature_t* __restrict__ map, const Strides& at, int H, int W, const Deformed& box, double gamma,
    int ph, int pw
) {
    double along_x = offset_x(box, ph, pw), along_y = offset_y(box, ph, pw);
    if (!(along_x - along_x == 0 && along_y - along_y == 0)) return nan_value();
    double sum = 0;  // a float that adds up thousands of samples loses digits, and large ones overflow
    for (int iy = 0; iy < box.rows.count; iy++) {
        Tap row = axis_tap(shifted_point(box.rows, ph, iy, gamma, along_y), H);
        if (!row.inside) continue;
        for (int ix = 0; ix < box.columns.count; ix++) {
            sum += read_sample(map, at, row, axis_tap(shifted_point(box.columns, pw, ix, gamma, along_x), W));
        }
    }
    return (value_t)(sum / fmax((double)box.rows.count * box.columns.count, 1.0));  // samples outside are counted
}

extern "C" __global__ void __launch_bounds__(256, 2) deform_roi_pool_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, const double* __restrict__ offset,
    feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, double gamma, Fault* fault
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
        Deformed box;
        if (read_deformed(rois, offset, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, fault, &box)) {
            const feature_t* map = features + box.batch * from.image + c * from.channel;
            value = average_of_bin(map, from, H, W, box, gamma, ph, pw);
        }
        store(out + k * to.image + c * to.channel + ph * to.row + pw * to.column, value);
    }
}
