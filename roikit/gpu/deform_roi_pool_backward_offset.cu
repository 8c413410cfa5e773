// variants: feature box
// shared: roi_align.cuh backward.cuh samples.cuh deform.cuh
// The gradient of deformable RoI pooling by the offsets: the map's slope at each sample of a bin, times how far
// they all move with it. Reads like roikit/cpu/_deform_roi_pool_backward_offset.pyx.
//
// A warp a bin: its lanes share the channels, and what each has found is added up in double, in one order.

#define ALL_OF_WARP 0xffffffffu

// How one channel of a bin, times its gradient, changes when all of its samples move by a cell; not yet averaged.
__device__ inline Slopes bin_slope(
    double grad, const feature_t* __restrict__ plane, const Strides& steps, int H, int W,
    const Deformed& box, double gamma, int ph, int pw
) {
    double along_x = offset_x(box, ph, pw), along_y = offset_y(box, ph, pw);
    Slopes total = {0, 0};
    for (int iy = 0; iy < box.rows.count; iy++) {
        double y = shifted_point(box.rows, ph, iy, gamma, along_y);
        if (!axis_tap(y, H).inside) continue;
        for (int ix = 0; ix < box.columns.count; ix++) {
            double x = shifted_point(box.columns, pw, ix, gamma, along_x);
            Slopes one = point_slopes(grad, plane, steps, H, W, y, x);
            total.by_y += one.by_y;
            total.by_x += one.by_x;
        }
    }
    return total;
}

// out[k, i, ph, pw] = the gradient of sum(grad[k, c, ph, pw] * bin) by the bin's shift along x, and y; NaN of a
// faulty box, or of an offset that is not finite.
extern "C" __global__ void __launch_bounds__(256, 2) deform_roi_pool_backward_offset_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    const double* __restrict__ offsets, double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, double gamma, Fault* fault
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    long long i = ((long long)blockIdx.x * blockDim.x + threadIdx.x) / 32;
    if (i >= (long long)K * PH * PW) return;  // the whole warp
    int lane = threadIdx.x % 32;
    int pw = (int)(i % PW), ph = (int)(i / PW % PH), k = (int)(i / PW / PH);
    Deformed box;
    bool known = read_deformed(
        rois, offsets, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, lane == 0 ? fault : nullptr, &box
    );
    Slopes total = {0, 0};
    for (int c = lane; known && c < C; c += 32) {
        double value = load(grad[k * grad_roi + c * grad_channel + ph * grad_row + pw * grad_column]);
        const feature_t* plane = features + box.batch * steps.image + c * steps.channel;
        Slopes one = bin_slope(value, plane, steps, H, W, box, gamma, ph, pw);
        total.by_y += one.by_y;
        total.by_x += one.by_x;
    }
    for (int half = 16; half > 0; half /= 2) {
        total.by_y += __shfl_down_sync(ALL_OF_WARP, total.by_y, half);
        total.by_x += __shfl_down_sync(ALL_OF_WARP, total.by_x, half);
    }
    if (lane > 0) return;
    bool finite = known && offset_x(box, ph, pw) - offset_x(box, ph, pw) == 0
        && offset_y(box, ph, pw) - offset_y(box, ph, pw) == 0;
    double count = finite ? fmax((double)box.rows.count * box.columns.count, 1.0) : (double)nan_value();
    double height = known ? box.rows.axis.size : 0, width = known ? box.columns.axis.size : 0;
    double* of_bin = out + (long long)k * 2 * PH * PW + (long long)ph * PW + pw;
    of_bin[0] = total.by_x / count * (gamma * width);
    of_bin[(long long)PH * PW] = total.by_y / count * (gamma * height);
}
