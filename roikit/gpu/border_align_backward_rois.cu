// variants: feature box index
// shared: samples.cuh border.cuh box_gradient.cuh
// The gradient of border align by the boxes: the map's slope at each maximum, times how far the point moves with
// the box. A block a box, whose threads share its maxima. Reads like roikit/cpu/_border_align_backward_rois.pyx.

__device__ inline void add_at(Gradient* sum, int column, double value) {
    if (column == 0) sum->by_x1 += value;
    if (column == 1) sum->by_y1 += value;
    if (column == 2) sum->by_x2 += value;
    if (column == 3) sum->by_y2 += value;
}

// Add what a point at t of the way along a side gives: it moves by 1 - t with the corner that the side is walked
// from, and by t with the other.
__device__ inline void add_point(Gradient* sum, int side, double t, double by_y, double by_x) {
    Corners at = corners_of(side);
    add_at(sum, at.from_x, (1 - t) * by_x);
    add_at(sum, at.to_x, t * by_x);
    add_at(sum, at.from_y, (1 - t) * by_y);
    add_at(sum, at.to_y, t * by_y);
}

// out[k] = the gradient of sum(grad[k] * the maxima of rois[k]) by its x1, y1, x2, y2.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) border_align_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    const index_t* __restrict__ argmax, double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_side,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long argmax_roi, long long argmax_channel, long long argmax_side,
    int N, int C, int H, int W, int K, double spatial_scale, int pool_size, Fault* fault
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    if (k >= K) return;
    Gradient mine = {0, 0, 0, 0};
    Side side;
    Fault* noted = threadIdx.x == 0 ? fault : nullptr;
    bool known = read_side(rois, k, N, 0, spatial_scale, pool_size, noted, &side);
    long long maxima = known ? (long long)C * SIDES : 0;
    for (long long i = threadIdx.x; i < maxima; i += BOX_THREADS) {
        int s = (int)(i % SIDES), c = (int)(i / SIDES);
        long long point = argmax[k * argmax_roi + c * argmax_channel + s * argmax_side];
        if (point < 0 || point > pool_size) continue;
        read_side(rois, k, N, s, spatial_scale, pool_size, nullptr, &side);
        double y = y_at(side, (int)point), x = x_at(side, (int)point);
        Tap row = exact_tap(y, H), column = exact_tap(x, W);
        if (!(row.inside && column.inside)) continue;
        long long channel = (long long)s * C + c;
        const feature_t* plane = features + side.batch * steps.image + channel * steps.channel;
        Slopes slope = slopes(plane, steps, row, column);
        double value = load(grad[k * grad_roi + c * grad_channel + s * grad_side]);
        double by_y = moving(y, H) ? value * slope.by_y : 0, by_x = moving(x, W) ? value * slope.by_x : 0;
        add_point(&mine, s, (double)point / pool_size, by_y, by_x);
    }
    write_sum(mine, known, spatial_scale, out, k);
}
