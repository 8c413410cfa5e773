// One sample of a map between its cells: what it reads, gives back, and how it rises.

// The value of a plane between its cells; 0 outside the map. All four neighbours take part, also with weight 0.
__device__ inline value_t read_sample(
    const feature_t* __restrict__ plane, const Strides& steps, const Tap& row, const Tap& column
) {
    if (!(row.inside && column.inside)) return 0;
    const feature_t* top = plane + row.low * steps.row;
    const feature_t* bottom = plane + row.high * steps.row;
    long long left = column.low * steps.column, right = column.high * steps.column;
    return blend(
        load(top[left]), load(top[right]), load(bottom[left]), load(bottom[right]),
        (value_t)row.fraction, (value_t)column.fraction
    );
}

// As `axis_tap`, with the fraction as it is, for what is computed in double also of a map of floats.
__device__ inline Tap exact_tap(double point, int length) {
    Tap tap = axis_tap(point, length);
    if (tap.inside) tap.fraction = fmin(fmax(point, 0.0), (double)(length - 1)) - tap.low;
    return tap;
}

// The value of a plane at a point inside the map, in double and to the definition's bits.
__device__ inline double read_exactly(
    const feature_t* __restrict__ plane, const Strides& steps, const Tap& row, const Tap& column
) {
    const feature_t* top = plane + row.low * steps.row;
    const feature_t* bottom = plane + row.high * steps.row;
    long long left = column.low * steps.column, right = column.high * steps.column;
    double top_left = load(top[left]), top_right = load(top[right]);
    double bottom_left = load(bottom[left]), bottom_right = load(bottom[right]);
    double above = product(1 - column.fraction, top_left) + product(column.fraction, top_right);
    double below = product(1 - column.fraction, bottom_left) + product(column.fraction, bottom_right);
    return product(1 - row.fraction, above) + product(row.fraction, below);
}

// --- the gradient by the map -------------------------------------------------------------------------------

// Whether a point on one axis gives to a cell there, be it by weight 0.
__device__ __forceinline__ bool taps_cell(const Tap& tap, int cell) {
    return tap.inside && (tap.low == cell || tap.high == cell);
}

// Add to `sum` what one sample with this share of a gradient gives to cell (y, x): `blend` backwards.
__device__ inline void add_sample(
    double* sum, int y, int x, const Tap& row, const Tap& column, double share
) {
    double top = (1 - row.fraction) * share, bottom = row.fraction * share;
    if (row.low == y && column.low == x) *sum += (1 - column.fraction) * top;
    if (row.low == y && column.high == x) *sum += column.fraction * top;
    if (row.high == y && column.low == x) *sum += (1 - column.fraction) * bottom;
    if (row.high == y && column.high == x) *sum += column.fraction * bottom;
}

// Add what one sample with this share of a gradient gives to its four neighbours on a plane.
__device__ inline void scatter(
    value_t* plane, const Strides& steps, const Tap& row, const Tap& column, value_t share
) {
    value_t top = (value_t)(1 - row.fraction) * share, bottom = (value_t)row.fraction * share;
    value_t left = (value_t)(1 - column.fraction), right = (value_t)column.fraction;
    atomicAdd(plane + row.low * steps.row + column.low * steps.column, left * top);
    atomicAdd(plane + row.low * steps.row + column.high * steps.column, right * top);
    atomicAdd(plane + row.high * steps.row + column.low * steps.column, left * bottom);
    atomicAdd(plane + row.high * steps.row + column.high * steps.column, right * bottom);
}

// --- the gradient by the point -----------------------------------------------------------------------------

struct Slopes { double by_y, by_x; };

// The derivatives by y and by x of a plane's value at a point inside the map, in double.
__device__ inline Slopes slopes(
    const feature_t* __restrict__ plane, const Strides& steps, const Tap& row, const Tap& column
) {
    const feature_t* top = plane + row.low * steps.row;
    const feature_t* bottom = plane + row.high * steps.row;
    long long left = column.low * steps.column, right = column.high * steps.column;
    double top_left = load(top[left]), top_right = load(top[right]);
    double bottom_left = load(bottom[left]), bottom_right = load(bottom[right]);
    double above = (1 - column.fraction) * top_left + column.fraction * top_right;
    double below = (1 - column.fraction) * bottom_left + column.fraction * bottom_right;
    double across = (1 - row.fraction) * (top_right - top_left) + row.fraction * (bottom_right - bottom_left);
    Slopes found = {below - above, across};
    return found;
}

// Whether a point that moves reads something else; one that is clamped to the map reads the same cell.
__device__ __forceinline__ bool moving(double point, int length) { return point >= 0 && point < length - 1; }

// How one channel of a bin, times its gradient, changes when a sample at (y, x) moves by a cell.
__device__ inline Slopes point_slopes(
    double grad, const feature_t* __restrict__ plane, const Strides& steps, int H, int W, double y, double x
) {
    Tap row = exact_tap(y, H), column = exact_tap(x, W);
    Slopes found = {0, 0};
    if (!(row.inside && column.inside)) return found;
    Slopes slope = slopes(plane, steps, row, column);
    if (moving(y, H)) found.by_y = grad * slope.by_y;
    if (moving(x, W)) found.by_x = grad * slope.by_x;
    return found;
}
