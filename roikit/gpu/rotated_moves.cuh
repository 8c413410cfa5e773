// How the bins of rotated boxes change with these. After samples.cuh, rotated.cuh and box_gradient.cuh.

struct Sums { double by[5]; };  // by centre x and y, width, height and angle

__device__ __forceinline__ void add(Sums* sums, const Sums& other) {
    for (int i = 0; i < 5; i++) sums->by[i] += other.by[i];
}

// How far point i of bin p moves from the centre when the box becomes one cell longer.
__device__ inline double part(int p, int bins, int i, int count, bool one_cell) {
    return one_cell ? 0 : (p + (i + 0.5) / count) / bins - 0.5;
}

// Which sides of row k of rois (K, 7) were made one cell long, and stay it.
struct OneCell { bool row, column; };

__device__ inline OneCell one_cell(const double* __restrict__ rois, int k, double spatial_scale, int aligned) {
    const double* roi = rois + (long long)k * 7;
    OneCell made = {
        !aligned && product(roi[4], spatial_scale) < 1, !aligned && product(roi[3], spatial_scale) < 1,
    };
    return made;
}

// Add what row iy of the samples of bin (ph, pw) on one plane gives.
__device__ inline void add_row(
    Sums* sums, double grad, const feature_t* __restrict__ plane, const Strides& steps, int H, int W,
    const Frame& box, const Cut& cut, int ph, int pw, int iy, const OneCell& made
) {
    if (row_is_beyond(area_of_map(H, W), box, cut, ph, pw, iy)) return;
    double of_height = part(ph, cut.PH, iy, cut.count_y, made.row);
    for (int ix = 0; ix < cut.count_x; ix++) {
        Point point = sample_of(box, cut, ph, pw, iy, ix);
        Slopes by = point_slopes(grad, plane, steps, H, W, point.y, point.x);
        double along_height = by.by_y * box.cos + by.by_x * box.sin;  // the slopes along the box's own sides
        double along_width = by.by_x * box.cos - by.by_y * box.sin;
        sums->by[0] += by.by_x;
        sums->by[1] += by.by_y;
        sums->by[2] += along_width * part(pw, cut.PW, ix, cut.count_x, made.column);
        sums->by[3] += along_height * of_height;
        sums->by[4] += point.yy * along_width - point.xx * along_height;
    }
}

// out[k] = what all threads have found in cells and radians, per image pixel and per unit of the angle, which
// is `turn` radians; NaN of a box that cannot be computed.
__device__ inline void write_sums(
    const Sums& mine, bool known, const Cut& cut, double spatial_scale, double turn,
    double* __restrict__ out, int k
) {
    Sums total = add_up(mine);
    if (threadIdx.x > 0) return;
    double count = known ? fmax((double)cut.count_y * cut.count_x, 1.0) : (double)nan_value();
    for (int i = 0; i < 5; i++) out[(long long)k * 5 + i] = total.by[i] / count * (i < 4 ? spatial_scale : turn);
}
