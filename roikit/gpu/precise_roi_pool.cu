// variants: feature box
// shared: precise.cuh
// Precise RoI pooling: the mean of the bilinear surface over each bin. One thread an output, in double. Reads
// like roikit/cpu/_precise_roi_pool.pyx.

// The mean over one bin of the surface of `map`, one channel of one image.
__device__ inline double pool_bin(
    const feature_t* __restrict__ map, const Strides& steps, const Bin& rows, const Bin& columns
) {
    double total = 0;
    for (int y = rows.first; y < rows.end; y++) {
        double row = 0;
        for (int x = columns.first; x < columns.end; x++) {
            row += weight_of(columns, x) * load(map[y * steps.row + x * steps.column]);
        }
        total += weight_of(rows, y) * row;
    }
    return total;
}

// out[k, c, ph, pw] = the mean of the bilinear surface of channel c over bin (ph, pw) of rois[k].
extern "C" __global__ void __launch_bounds__(256, 2) precise_roi_pool_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW, double spatial_scale, Fault* fault
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    long long count = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        // (k, c, ph, pw) is an element of the output
        int pw = (int)(i % PW);
        int ph = (int)(i / PW % PH);
        int c = (int)(i / PW / PH % C);
        int k = (int)(i / PW / PH / C);
        value_t value = nan_value();
        Box box;
        if (read_box(rois, k, N, spatial_scale, fault, &box)) {
            const feature_t* map = features + box.batch * steps.image + c * steps.channel;
            value = (value_t)pool_bin(map, steps, precise_bin(box.y, ph, PH, H), precise_bin(box.x, pw, PW, W));
        }
        store(out + k * out_roi + c * out_channel + ph * out_row + pw * out_column, value);
    }
}
