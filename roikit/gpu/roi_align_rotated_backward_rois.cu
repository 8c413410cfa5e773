// variants: feature
// shared: roi_align.cuh backward.cuh samples.cuh rotated.cuh box_gradient.cuh
// The gradient of RoIAlign of rotated boxes by the boxes: the map's slope at each sample, times how far the
// sample moves with the box. Reads like roikit/cpu/_roi_align_rotated_backward_rois.pyx.
//
// A block a box. Its threads share the rows of samples of all bins and channels.

struct Sums { double by[5]; };  // by centre x and y, width, height and angle

__device__ __forceinline__ void add(Sums* sums, const Sums& other) {
    for (int i = 0; i < 5; i++) sums->by[i] += other.by[i];
}

// How far point i of bin p moves from the centre when the box becomes one cell longer.
__device__ inline double part(int p, int bins, int i, int count, bool one_cell) {
    return one_cell ? 0 : (p + (i + 0.5) / count) / bins - 0.5;
}

// Add what row iy of the samples of bin (ph, pw) on one plane gives.
__device__ inline void add_row(
    Sums* sums, double grad, const feature_t* __restrict__ plane, const Strides& steps, int H, int W,
    const Frame& box, const Cut& cut, int ph, int pw, int iy, bool one_row, bool one_column
) {
    double of_height = part(ph, cut.PH, iy, cut.count_y, one_row);
    for (int ix = 0; ix < cut.count_x; ix++) {
        Point point = sample_of(box, cut, ph, pw, iy, ix);
        Slopes by = point_slopes(grad, plane, steps, H, W, point.y, point.x);
        double along_height = by.by_y * box.cos + by.by_x * box.sin;  // the slopes along the box's own sides
        double along_width = by.by_x * box.cos - by.by_y * box.sin;
        sums->by[0] += by.by_x;
        sums->by[1] += by.by_y;
        sums->by[2] += along_width * part(pw, cut.PW, ix, cut.count_x, one_column);
        sums->by[3] += along_height * of_height;
        sums->by[4] += point.yy * along_width - point.xx * along_height;
    }
}

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its centre, width, height and angle; NaN of a
// faulty box. `turn` is how many radians, counter-clockwise, one unit of the angle is.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) roi_align_rotated_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const double* __restrict__ rois,
    double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, double turn, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    int k = blockIdx.x;
    if (k >= K) return;
    Frame box;
    Cut cut = {PH, PW, 0, 0};
    bool known = read_rotated(
        rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, threadIdx.x == 0 ? fault : nullptr, &box, &cut
    );
    Sums mine = {};
    if (known) {
        const double* row = rois + (long long)k * 7;
        bool one_column = !aligned && product(row[3], spatial_scale) < 1;  // made one cell long, and stays it
        bool one_row = !aligned && product(row[4], spatial_scale) < 1;
        long long bins = (long long)C * PH * PW;
        for (long long i = threadIdx.x; i < bins * cut.count_y; i += BOX_THREADS) {
            Element bin = element_at(i % bins, C, PH, PW, grad_steps);
            bin.n = k;
            const feature_t* plane = features + box.batch * steps.image + bin.c * steps.channel;
            double value = load(grad[offset(bin, grad_steps)]);
            add_row(
                &mine, value, plane, steps, H, W, box, cut, bin.y, bin.x, (int)(i / bins), one_row, one_column
            );
        }
    }
    Sums total = add_up(mine);
    if (threadIdx.x > 0) return;
    double count = known ? fmax((double)cut.count_y * cut.count_x, 1.0) : (double)nan_value();
    for (int i = 0; i < 5; i++) out[(long long)k * 5 + i] = total.by[i] / count * (i < 4 ? spatial_scale : turn);
}
