// Geometry shared by the kernels; same names, same order of operations as in roikit/reference and roikit/cpu.
//
// All of it is in double, whatever the map holds: a box on an exact half is rounded as the definition rounds
// it. Cells far off the map are counted in long long; once clipped to the map they are indices, in int.

enum Rounding { FLOOR, ROUND_HALF_AWAY, ROUND_HALF_EVEN };
enum Split { OVERLAP, DISJOINT, TRUNCATE };

// A roikit.Convention.
struct Rules {
    int rounding, split, inclusive, outside_is_zero;
    long long minimum_size;
    double empty_value, offset;
};

struct Range { long long start, end; };  // cells start <= i < end
struct Axis { double start, size; };     // one axis of a scaled box, in cells

// Which cells a point taps on one axis: value = (1 - fraction) * at[low] + fraction * at[high].
struct Tap {
    bool inside;
    int low, high;
    double fraction;
};

// a * b rounded by itself, as the definition does it: written as *, it could be fused with a sum.
__device__ __forceinline__ double product(double a, double b) { return __dmul_rn(a, b); }

// --- boxes -------------------------------------------------------------------------------------------------

struct Roi {
    long long batch;
    double x1, y1, x2, y2;  // image pixels
};

// What can be wrong with a box that is on the GPU, where only the kernel sees it.
enum FaultCode { NO_FAULT, NOT_FINITE, BATCH_NOT_WHOLE, BATCH_UNKNOWN, OUT_OF_REACH, TOO_MANY_SAMPLES };

// The first fault that was found, for the host to tell; null where the host has looked at the boxes itself.
struct Fault {
    unsigned long long code;
    double k, value, limit;
};

__device__ inline bool note_fault(Fault* fault, FaultCode code, int k, double value, double limit) {
    if (fault && atomicCAS(&fault->code, 0ull, (unsigned long long)code) == 0ull) {
        fault->k = k;
        fault->value = value;
        fault->limit = limit;
    }
    return false;
}

#define FARTHEST_CELL 1099511627776.0  // 2**40: no scaled coordinate may lie further out
#define MOST_SAMPLES 4096              // points a side of one bin

// Row k of rois (K, 5): batch index, x1, y1, x2, y2. False for a box that cannot be computed.
__device__ inline bool read_roi(
    const box_t* __restrict__ rois, int k, int N, double spatial_scale, Fault* fault, Roi* roi
) {
    const box_t* row = rois + (long long)k * 5;
    for (int i = 0; i < 5; i++) {
        double number = row[i];
        if (!(number - number == 0)) return note_fault(fault, NOT_FINITE, k, number, 0);
        bool near = fabs(product(number, spatial_scale)) <= FARTHEST_CELL;
        if (i > 0 && !near) return note_fault(fault, OUT_OF_REACH, k, number, spatial_scale);
    }
    double batch = row[0];
    if (batch != floor(batch)) return note_fault(fault, BATCH_NOT_WHOLE, k, batch, N);
    if (!(batch >= 0 && batch < N)) return note_fault(fault, BATCH_UNKNOWN, k, batch, N);
    roi->batch = (long long)batch;
    roi->x1 = row[1];
    roi->y1 = row[2];
    roi->x2 = row[3];
    roi->y2 = row[4];
    return true;
}

// --- quantized pooling -------------------------------------------------------------------------------------

__device__ inline long long round_end(double end, int rounding) {
    if (rounding == FLOOR) return (long long)floor(end);
    if (rounding == ROUND_HALF_EVEN) return (long long)rint(end);
    return (long long)round(end);
}

// The cells that one axis of a box is quantized to.
__device__ inline Range quantize_axis(double start, double end, double spatial_scale, const Rules& rules) {
    Range cells;
    cells.start = round_end(product(start, spatial_scale) - rules.offset, rules.rounding);
    cells.end = round_end(product(end, spatial_scale) - rules.offset, rules.rounding) + rules.inclusive;
    cells.end = max(cells.end, cells.start + rules.minimum_size);  // also what makes a reversed box one cell
    return cells;
}

// Bin p of `bins` over `length` cells, half-open, in exact integers; lengths are not negative.
__device__ inline Range bin_range(long long p, long long length, long long bins, int split) {
    Range edges;
    if (split == TRUNCATE) {
        long long size = max(length / bins, 1ll);
        edges.start = min(p * size, length);
        edges.end = min((p + 1) * size, length);
    } else {
        edges.start = p * length / bins;
        edges.end = ((p + 1) * length + (split == OVERLAP ? bins - 1 : 0)) / bins;  // overlap: rounded up
    }
    return edges;
}

// The cells of bin p of a region; bins are cut from the region as it stands, before the map's border.
__device__ inline Range bin_cells(int p, Range region, int bins, int split) {
    Range cells = bin_range(p, region.end - region.start, bins, split);
    cells.start += region.start;
    cells.end += region.start;
    return cells;
}

// The part of a range that is on a map axis of `length` cells.
__device__ inline Range clip_range(Range cells, int length) {
    cells.start = min(max(cells.start, 0ll), (long long)length);
    cells.end = min(max(cells.end, 0ll), (long long)length);
    return cells;
}

// --- sampling ----------------------------------------------------------------------------------------------

// Start and size, in cells, of one axis of a box.
__device__ inline Axis scale_axis(double start, double end, double spatial_scale, int aligned) {
    Axis axis;
    double offset = aligned ? 0.5 : 0.0;  // aligned: a cell's value stands at its centre, so cell i is at i + 0.5
    axis.start = product(start, spatial_scale) - offset;
    axis.size = product(end, spatial_scale) - offset - axis.start;
    if (!aligned) axis.size = fmax(axis.size, 1.0);
    return axis;
}

// Sample points a bin along one axis; adaptive, ceil(size / bins), where the ratio is not positive.
__device__ inline int sample_count(double size, int bins, int sampling_ratio) {
    if (sampling_ratio > 0) return sampling_ratio;
    return (int)ceil(fmax(fmin(size / bins, MOST_SAMPLES + 1.0), 0.0));  // a reversed box has none
}

// Point i of the `count` points of bin p: the centre of its i-th equal part.
__device__ inline double sample_point(Axis axis, int bins, int count, int p, int i) {
    double bin_size = axis.size / bins;
    return axis.start + product(p, bin_size) + product(i + 0.5, bin_size) / count;
}

// RoIAlign's border rule: a point beyond [-1, length] is outside; any other is clamped to the map.
__device__ inline Tap axis_tap(double point, int length) {
    Tap tap;
    tap.inside = point >= -1 && point <= length;
    point = tap.inside ? fmin(fmax(point, 0.0), (double)(length - 1)) : 0.0;
    tap.low = (int)floor(point);
    tap.high = min(tap.low + 1, length - 1);  // the last cell is its own neighbour
    tap.fraction = point - tap.low;
    // In float a fraction next to 0 or 1 would become that, and what an infinite cell gives would become NaN.
    bool narrow = sizeof(value_t) == sizeof(float);
    if (narrow && tap.fraction > 0) tap.fraction = fmin(fmax(tap.fraction, 1e-30), 1 - 6e-8);
    return tap;
}

// Two linear interpolations along x, then one along y. All four take part, also with weight 0.
__device__ __forceinline__ value_t blend(
    value_t top_left, value_t top_right, value_t bottom_left, value_t bottom_right, value_t frac_y, value_t frac_x
) {
    value_t top = (1 - frac_x) * top_left + frac_x * top_right;
    value_t bottom = (1 - frac_x) * bottom_left + frac_x * bottom_right;
    return (1 - frac_y) * top + frac_y * bottom;
}
