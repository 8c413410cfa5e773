// variants: feature box
// shared: backward.cuh samples.cuh crop.cuh
// crop_and_resize: a grid of points over the box, its corners included, each read from the map by itself.

// out[k, c, ph, pw] = channel c at point (ph, pw) of the grid of rois[k]; one thread an output, any strides.
extern "C" __global__ void __launch_bounds__(256) crop_and_resize_plain(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double extrapolation_value, int bilinear, int in_cells, Fault* fault
) {
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {out_roi, out_channel, out_row, out_column};
    long long count = (long long)K * C * PH * PW, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        Element at = element_at(i, C, PH, PW, to);
        value_t value = nan_value();
        Crop crop;
        if (read_crop(rois, at.n, N, H, W, PH, PW, in_cells, fault, &crop)) {
            const feature_t* plane = features + crop.batch * from.image + at.c * from.channel;
            Tap row = crop_tap(crop.y, at.y, H), column = crop_tap(crop.x, at.x, W);
            if (!(row.inside && column.inside)) value = (value_t)extrapolation_value;
            else if (bilinear) value = read_sample(plane, from, row, column);
            else value = load(plane[nearest(row) * from.row + nearest(column) * from.column]);
        }
        store(out + offset(at, to), value);
    }
}
