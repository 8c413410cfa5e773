// variants: feature box index
// shared: samples.cuh border.cuh
// Border align: the maximum of a map along each side of a box. One thread an output. Reads like
// roikit/cpu/_border_align.pyx.
//
// Samples are computed in double, and each product is rounded by itself, as in the definition: which of two
// nearly equal samples is the maximum is the same on a GPU.

struct Best { double value; int point; };

__device__ __forceinline__ double between(double low, double high, double fraction) {
    return product(1 - fraction, low) + product(fraction, high);
}

// The value of a plane at point i of a side; 0 outside the map.
__device__ inline double sample(
    const feature_t* __restrict__ plane, const Strides& steps, int H, int W, const Side& side, int i
) {
    Tap row = exact_tap(y_at(side, i), H), column = exact_tap(x_at(side, i), W);
    if (!(row.inside && column.inside)) return 0;
    const feature_t* top = plane + row.low * steps.row;
    const feature_t* bottom = plane + row.high * steps.row;
    long long left = column.low * steps.column, right = column.high * steps.column;
    double above = between(load(top[left]), load(top[right]), column.fraction);
    double below = between(load(bottom[left]), load(bottom[right]), column.fraction);
    return between(above, below, row.fraction);
}

// The first maximum, or the first NaN, along one side on one channel.
__device__ inline Best pool_side(
    const feature_t* __restrict__ plane, const Strides& steps, int H, int W, const Side& side
) {
    Best best = {0, 0};
    for (int i = 0; i <= side.steps; i++) {
        double value = sample(plane, steps, H, W, side, i);
        bool best_is_number = best.value == best.value;
        if (i == 0 || (!(value <= best.value) && best_is_number)) {  // greater, or the first NaN
            best.value = value;
            best.point = i;
        }
    }
    return best;
}

// out[k, c, side] = the maximum of channel side * C + c at the points of a side; argmax may be null.
extern "C" __global__ void __launch_bounds__(256, 2) border_align_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    index_t* __restrict__ argmax,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_side,
    long long argmax_roi, long long argmax_channel, long long argmax_side,
    int N, int C, int H, int W, int K, double spatial_scale, int pool_size, Fault* fault
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    long long count = (long long)K * C * SIDES, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        // (k, c, s) is an element of the output
        int s = (int)(i % SIDES);
        int c = (int)(i / SIDES % C);
        int k = (int)(i / SIDES / C);
        Best best = {nan_value(), 0};  // of a box that cannot be computed
        Side side;
        if (read_side(rois, k, N, s, spatial_scale, pool_size, fault, &side)) {
            long long channel = (long long)s * C + c;
            const feature_t* plane = features + side.batch * steps.image + channel * steps.channel;
            best = pool_side(plane, steps, H, W, side);
        }
        store(out + k * out_roi + c * out_channel + s * out_side, (value_t)(best.value + 0));  // 0 has no sign
        if (argmax) argmax[k * argmax_roi + c * argmax_channel + s * argmax_side] = (index_t)best.point;
    }
}
