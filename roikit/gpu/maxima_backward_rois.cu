// variants: feature box
// shared: roi_align.cuh backward.cuh samples.cuh box_gradient.cuh moves.cuh position_sensitive.cuh maxima.cuh
// The gradient of maxima of samples by the boxes, of RoIAlign and of its position-sensitive kin: RoIAlign has
// one group of channels. It is the slope of the map at each bin's largest sample.
//
// A block a box. Its threads share the bins.

// How a bin, times its gradient, changes when its largest sample moves by a cell.
__device__ inline Slopes largest_slopes(
    double grad, const feature_t* __restrict__ plane, const Strides& steps, const Sample& y, const Sample& x,
    int mode, int corner
) {
    Slopes slope;
    if (mode == MAX) {
        slope = slopes(plane, steps, y.tap, x.tap);
    } else {
        Corner at = corner_of(y.tap, x.tap, corner);
        double value = load(plane[at.y * steps.row + at.x * steps.column]);
        slope.by_y = at.rise_y * at.part_x * value;
        slope.by_x = at.rise_x * at.part_y * value;
    }
    Slopes found = {y.moves ? grad * slope.by_y : 0, x.moves ? grad * slope.by_x : 0};
    return found;
}

// out[k] = the gradient of sum(grad[k] * the bins of rois[k]) by its x1, y1, x2, y2; NaN of a faulty box.
extern "C" __global__ void __launch_bounds__(BOX_THREADS, 2) maxima_backward_rois_plain(
    const feature_t* __restrict__ grad, const feature_t* __restrict__ features, const box_t* __restrict__ rois,
    double* __restrict__ out,
    long long grad_roi, long long grad_channel, long long grad_row, long long grad_column,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    int N, int C, int H, int W, int K, int PH, int PW, int GH, int GW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int mode, double empty_value, Fault* fault
) {
    Strides grad_steps = {grad_roi, grad_channel, grad_row, grad_column};
    Strides steps = {features_image, features_channel, features_row, features_column};
    Groups groups = {PH, PW, GH, GW};
    int k = blockIdx.x;
    if (k >= K) return;
    Region box;
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, false};
    bool known = read_region(rois, k, N, PH, PW, how, threadIdx.x == 0 ? fault : nullptr, &box);
    Gradient mine = {0, 0, 0, 0};
    if (known) {
        const box_t* ends = rois + (long long)k * 5 + 1;
        Span rows = span(box.y, ends[1], ends[3], spatial_scale, aligned, PH, box.count_y);
        Span columns = span(box.x, ends[0], ends[2], spatial_scale, aligned, PW, box.count_x);
        for (long long i = threadIdx.x; i < (long long)C * PH * PW; i += BOX_THREADS) {
            Element bin = element_at(i, C, PH, PW, grad_steps);
            bin.n = k;
            int m = channel_of_bin(groups, bin.c, bin.y, bin.x);
            const feature_t* plane = features + box.batch * steps.image + m * steps.channel;
            Largest at = largest_sample(plane, steps, H, W, box, PH, PW, bin.y, bin.x, mode, empty_value);
            if (!at.inside) continue;
            Sample y = sample(rows, bin.y, at.iy, H), x = sample(columns, bin.x, at.ix, W);
            double value = load(grad[offset(bin, grad_steps)]);
            add_move(&mine, largest_slopes(value, plane, steps, y, x, mode, at.corner), y, x);
        }
    }
    write_sum(mine, known, spatial_scale, out, k);
}
