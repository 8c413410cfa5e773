// The bins of rotated boxes: what they read and give back. After samples.cuh and rotated.cuh.

// The average of the samples of one bin on one channel of one image.
__device__ inline double average_of_bin(
    const feature_t* __restrict__ map, const Strides& at, int H, int W, const Frame& box, const Cut& cut,
    int ph, int pw
) {
    double sum = 0;  // a float that adds up thousands of samples loses digits, and large ones overflow
    for (int iy = 0; iy < cut.count_y; iy++) {
        if (row_is_beyond(area_of_map(H, W), box, cut, ph, pw, iy)) continue;
        for (int ix = 0; ix < cut.count_x; ix++) {
            Point point = sample_of(box, cut, ph, pw, iy, ix);
            sum += read_sample(map, at, axis_tap(point.y, H), axis_tap(point.x, W));
        }
    }
    return sum / fmax((double)cut.count_y * cut.count_x, 1.0);  // samples outside are counted
}

// The gradient by the bins of one box, on one channel.
struct Given {
    const feature_t* bins;
    Strides steps;
    __device__ double at(int ph, int pw) const { return load(bins[ph * steps.row + pw * steps.column]); }
};

// Whether a box may have samples that read a cell: all lie within half of its height and width of the centre,
// along its own sides, and read cells at most one further, or two where they are clamped to the map.
__device__ inline bool may_reach(const Frame& box, int y, int x) {
    double reach = (box.height + box.width) / 2 + 3;
    return fabs(y - box.y) <= reach && fabs(x - box.x) <= reach;
}

// Add what all bins of one box, whose gradients are `given`, give to cell (y, x).
template <class Gradients>
__device__ inline void add_box(
    double* sum, const Gradients& given, const Frame& box, const Cut& cut, int y, int x, int H, int W
) {
    double count = (double)cut.count_y * cut.count_x;  // samples outside the map stay in the divisor
    for (int ph = 0; ph < cut.PH; ph++) {
        for (int pw = 0; pw < cut.PW; pw++) {
            double share = given.at(ph, pw) / count;
            for (int iy = 0; iy < cut.count_y; iy++) {
                if (row_is_beyond(area_of_cell(y, x), box, cut, ph, pw, iy)) continue;
                for (int ix = 0; ix < cut.count_x; ix++) {
                    Point point = sample_of(box, cut, ph, pw, iy, ix);
                    Tap row = axis_tap(point.y, H), column = axis_tap(point.x, W);
                    if (!taps_cell(row, y) || !taps_cell(column, x)) continue;
                    add_sample(sum, y, x, row, column, share);
                }
            }
        }
    }
}

// Add what one bin with this gradient gives to the cells of a plane, to which other threads add, too.
__device__ inline void scatter_bin(
    value_t* plane, const Strides& steps, double grad, const Frame& box, const Cut& cut, int ph, int pw,
    int H, int W
) {
    value_t share = (value_t)(grad / ((double)cut.count_y * cut.count_x));  // outside the map, too
    for (int iy = 0; iy < cut.count_y; iy++) {
        if (row_is_beyond(area_of_map(H, W), box, cut, ph, pw, iy)) continue;
        for (int ix = 0; ix < cut.count_x; ix++) {
            Point point = sample_of(box, cut, ph, pw, iy, ix);
            Tap row = axis_tap(point.y, H), column = axis_tap(point.x, W);
            if (row.inside && column.inside) scatter(plane, steps, row, column, share);
        }
    }
}
