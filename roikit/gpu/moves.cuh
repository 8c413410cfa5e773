// How the samples of a box move when its ends do: what gradients of RoIAlign by the boxes share. After
// samples.cuh and box_gradient.cuh.

// One axis of one box, and how it is sampled.
struct Span {
    Axis axis;
    int bins, count;
    bool one_cell;  // whether `scale_axis` gave it another size than it has
};

// A point of one axis, and how far it moves when the box's start, or its end, moves by one cell.
struct Sample {
    Tap tap;
    bool moves;  // one that is clamped to the map reads the same cell
    double of_start, of_end;
};

__device__ inline Span span(
    Axis axis, double start, double end, double spatial_scale, int aligned, int bins, int count
) {
    bool one_cell = !aligned && product(end, spatial_scale) - product(start, spatial_scale) < 1;
    Span found = {axis, bins, count, one_cell};
    return found;
}

// Point i of bin p: at the part t of the box it lies at (1 - t) * start + t * end.
__device__ inline Sample sample(const Span& along, int p, int i, int length) {
    Sample found;
    double point = sample_point(along.axis, along.bins, along.count, p, i);
    double t = (p + (i + 0.5) / along.count) / along.bins;
    found.tap = exact_tap(point, length);
    found.moves = moving(point, length);
    found.of_start = along.one_cell ? 1 : 1 - t;
    found.of_end = along.one_cell ? 0 : t;
    return found;
}

// Add what the slope of the map at one sample gives, that of a clamped one being 0.
__device__ __forceinline__ void add_move(Gradient* sum, const Slopes& slope, const Sample& y, const Sample& x) {
    sum->by_x1 += slope.by_x * x.of_start;
    sum->by_y1 += slope.by_y * y.of_start;
    sum->by_x2 += slope.by_x * x.of_end;
    sum->by_y2 += slope.by_y * y.of_end;
}

// Add what row iy of the samples of bin (ph, pw) on one plane gives.
__device__ inline void add_row(
    Gradient* sum, double grad, const feature_t* __restrict__ plane, const Strides& steps, int H, int W,
    const Span& rows, const Span& columns, int ph, int pw, int iy
) {
    Sample y = sample(rows, ph, iy, H);
    if (!y.tap.inside) return;
    for (int ix = 0; ix < columns.count; ix++) {
        Sample x = sample(columns, pw, ix, W);
        if (!x.tap.inside) continue;
        Slopes slope = slopes(plane, steps, y.tap, x.tap);
        Slopes felt = {y.moves ? grad * slope.by_y : 0, x.moves ? grad * slope.by_x : 0};
        add_move(sum, felt, y, x);
    }
}
