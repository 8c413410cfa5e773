// variants: feature box
// shared: backward.cuh samples.cuh box_gradient.cuh crop.cuh
// The gradient of bilinear crop_and_resize by the boxes: the map's slope at each point, times how far the
// point moves with the box. A block a box, whose threads share its points and channels.

// How many cells a point moves when the box's start, or its end, moves by 1.
struct Moves { double of_start, of_end; };

__device__ inline Moves moves(const Grid& grid, int p) {
    double steps = grid.count - 1;
    Moves half = {0.5 * grid.extent, 0.5 * grid.extent};
    Moves some = {(steps - p) * grid.extent / steps, p * grid.extent / steps};
    return grid.count == 1 ? half : some;
}

// The cells between which a point feels the slope: on a cell those towards the next one, and on the last cell,
// next to which is nothing, those from the one before.
__device__ inline Tap slope_tap(const Grid& grid, int p, int length) {
    Tap tap = crop_tap(grid, p, length);
    tap.fraction = exact_tap(crop_point(grid, p), length).fraction;
    int low = min(tap.low, max(length - 2, 0));
    tap.fraction += tap.low - low;
    tap.low = low;
    return tap;
}

// out[k] = the gradient of sum(grad[k] * the crop of rois[k]) by its x1, y1, x2, y2; NaN of a faulty box.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) crop_and_resize_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW, int in_cells, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    Crop crop;
    bool known = read_crop(
        rois, k, N, H, W, PH, PW, in_cells, threadIdx.x == 0 ? fault : nullptr, &crop
    );
    Gradient mine = {0, 0, 0, 0};
    for (long long i = threadIdx.x; known && i < (long long)C * PH * PW; i += BOX_THREADS) {
        Element at = element_at(i, C, PH, PW, grad_steps);
        Tap row = slope_tap(crop.y, at.y, H), column = slope_tap(crop.x, at.x, W);
        if (!(row.inside && column.inside)) continue;
        Slopes slope = slopes(features + crop.batch * steps.image + at.c * steps.channel, steps, row, column);
        double value = load(grad[k * grad_steps.image + offset(at, grad_steps)]);
        Moves down = moves(crop.y, at.y), right = moves(crop.x, at.x);
        Gradient point = {
            value * slope.by_x * right.of_start, value * slope.by_y * down.of_start,
            value * slope.by_x * right.of_end, value * slope.by_y * down.of_end
        };
        add(&mine, point);
    }
    write_sum(mine, known, 1, out, k);
}
