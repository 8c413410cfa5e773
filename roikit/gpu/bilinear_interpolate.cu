// variants: feature
// shared: samples.cuh
// The value of feature maps between their cells: two linear interpolations along x, then one along y.

// Points that are on the GPU are looked at nowhere else; one that is not finite has the value NaN.
__device__ __forceinline__ bool is_finite(double y, double x) { return (y - y) + (x - x) == 0; }

// out[n, m, p] = the value of planes[n, m] at (y[p], x[p]); one thread an output.
extern "C" __global__ void __launch_bounds__(256) bilinear_interpolate_plain(
    const feature_t* __restrict__ planes, const double* __restrict__ y, const double* __restrict__ x,
    feature_t* __restrict__ out,
    long long planes_image, long long planes_channel, long long planes_row, long long planes_column,
    long long out_image, long long out_channel, long long out_point,
    int N, int M, int H, int W, long long P
) {
    Strides steps = {planes_image, planes_channel, planes_row, planes_column};
    long long outputs = N * (long long)M * P, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < outputs; i += threads) {
        long long p = i % P;
        int m = (int)(i / P % M), n = (int)(i / P / M);
        const feature_t* plane = planes + n * steps.image + m * steps.channel;
        value_t value = read_sample(plane, steps, axis_tap(y[p], H), axis_tap(x[p], W));
        if (!is_finite(y[p], x[p])) value = nan_value();
        store(out + n * out_image + m * out_channel + p * out_point, value);
    }
}

#define PLANES 8  // that a thread reads at one point: the neighbours and their weights are found once

// The same. Lanes lie along the points; where channels are neighbours in memory, along 32 channels.
extern "C" __global__ void __launch_bounds__(256, 3) bilinear_interpolate_fast(
    const feature_t* __restrict__ planes, const double* __restrict__ y, const double* __restrict__ x,
    feature_t* __restrict__ out,
    long long planes_image, long long planes_channel, long long planes_row, long long planes_column,
    long long out_image, long long out_channel, long long out_point,
    int N, int M, int H, int W, long long P, int channels_last
) {
    Strides steps = {planes_image, planes_channel, planes_row, planes_column};
    int lanes = channels_last ? 32 : 1;  // along the channels; as far apart are the planes of a thread
    long long chunks = (M + lanes * PLANES - 1) / (lanes * PLANES);
    long long count = N * P * chunks * lanes, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        int lane = (int)(i % lanes);
        long long p = i / lanes % P, chunk = i / lanes / P % chunks;
        int n = (int)(i / lanes / P / chunks);
        Tap row = axis_tap(y[p], H), column = axis_tap(x[p], W);
        for (int j = 0; j < PLANES; j++) {
            int m = (int)(chunk * PLANES + j) * lanes + lane;
            if (m >= M) break;
            const feature_t* plane = planes + n * steps.image + m * steps.channel;
            value_t value = is_finite(y[p], x[p]) ? read_sample(plane, steps, row, column) : nan_value();
            store(out + n * out_image + m * out_channel + p * out_point, value);
        }
    }
}
