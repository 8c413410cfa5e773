// Geometry shared by the kernels; same names, same order of operations as in roikit/reference and roikit/cpu.
//
// All of it is in double, whatever the map holds: a box on an exact half is rounded as the definition rounds
// it. Cells far off the map are counted in long long; once clipped to the map they are indices, in int.

enum Rounding { FLOOR, ROUND_HALF_AWAY, ROUND_HALF_EVEN, NO_ROUNDING };
enum Split { OVERLAP, DISJOINT, TRUNCATE, ABSOLUTE };
enum Arithmetic { EXACT, FLOAT32, FLOAT64 };

// A roikit.Convention of pooling.
struct Rules {
    int rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero;
    double minimum_size;  // -infinity: none
    double empty_value, offset;
    double start_added, end_added;  // to the start and to the end of a box, in pixels
};

struct Range { long long start, end; };      // cells start <= i < end
struct Extent { double start, end, size; };  // one axis of a box, in cells: whole where the convention rounds
struct Axis { double start, size; };     // one axis of a scaled box, in cells

// Which cells a point taps on one axis: value = (1 - fraction) * at[low] + fraction * at[high].
struct Tap {
    bool inside;
    int low, high;
    double fraction;
};

// a * b rounded by itself, as the definition does it: written as *, it could be fused with a sum.
__device__ __forceinline__ double product(double a, double b) { return __dmul_rn(a, b); }
__device__ __forceinline__ float product(float a, float b) { return __fmul_rn(a, b); }

// --- boxes -------------------------------------------------------------------------------------------------

struct Roi {
    long long batch;
    double x1, y1, x2, y2;  // image pixels
};

// What can be wrong with a box that is on the GPU, where only the kernel sees it.
enum FaultCode {
    NO_FAULT, NOT_FINITE, BATCH_NOT_WHOLE, BATCH_UNKNOWN, OUT_OF_REACH, TOO_MANY_SAMPLES, NEGATIVE_SIDE
};

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

__device__ inline double round_end(double end, int rounding) {
    if (rounding == FLOOR) return floor(end);
    if (rounding == ROUND_HALF_EVEN) return rint(end);
    return round(end);
}

// One end of a box in cells, not yet rounded to them; `added` are pixels.
__device__ inline double scale_end(double end, double added, double spatial_scale, const Rules& rules) {
    if (rules.arithmetic == FLOAT32) {
        float pixels = (float)end;
        if (rules.round_pixels) pixels = (float)round_end(pixels, rules.rounding);
        float cells = product(pixels + (float)added, (float)spatial_scale) - (float)rules.offset;
        if (fabs(cells) <= 4398046511104.0) return cells;  // 2**42: no region has its end further out
    }
    if (rules.round_pixels) end = round_end(end, rules.rounding);
    return product(end + added, spatial_scale) - rules.offset;
}

// One axis of a box, in cells: whole numbers where the convention rounds.
__device__ inline Extent quantize_axis(double start, double end, double spatial_scale, const Rules& rules) {
    Extent region;
    region.start = scale_end(start, rules.start_added, spatial_scale, rules);
    region.end = scale_end(end, rules.end_added, spatial_scale, rules);
    if (rules.rounding != NO_ROUNDING && !rules.round_pixels) {
        region.start = round_end(region.start, rules.rounding);
        region.end = round_end(region.end, rules.rounding) + rules.inclusive;
    }
    region.size = region.end - region.start;
    if (region.size < rules.minimum_size) {
        region.size = rules.minimum_size;  // also what makes a reversed box one cell
        region.end = region.start + region.size;
    }
    return region;
}

// A bin from `low` to `high`: the cells that it touches.
__device__ inline Range cells_between(double low, double high) {
    Range cells = {(long long)floor(low), (long long)ceil(high)};
    return cells;
}

// Bin p of `bins` over `length` cells, half-open, in exact integers unless a float is asked for.
__device__ inline Range bin_range(long long p, long long length, long long bins, const Rules& rules) {
    Range edges;
    if (rules.split == TRUNCATE) {
        long long size = max(length / bins, 1ll);
        edges.start = min(p * size, length);
        edges.end = min((p + 1) * size, length);
    } else if (rules.arithmetic == FLOAT32) {
        float size = (float)length / (float)bins;
        edges = cells_between(product((float)p, size), product((float)(p + 1), size));
    } else if (rules.arithmetic == FLOAT64) {
        double size = (double)length / (double)bins;
        edges = cells_between(product((double)p, size), product((double)(p + 1), size));
    } else {
        edges.start = p * length / bins;
        long long up = rules.split == OVERLAP ? bins - 1 : 0;  // overlap: the end rounded up
        edges.end = ((p + 1) * length + up) / bins;
    }
    return edges;
}

// The cells that bin p of `bins` touches, of a region with real ends.
__device__ inline Range absolute_range(long long p, const Extent& region, long long bins, int arithmetic) {
    if (!(region.size > 0)) return cells_between(floor(region.start), floor(region.start));
    double low, high;
    if (arithmetic == EXACT) {
        low = region.start + product((double)p, region.size) / (double)bins;
        high = region.start + product((double)(p + 1), region.size) / (double)bins;
        if (p + 1 == bins) high = region.end;
    } else if (arithmetic == FLOAT32) {
        float size = (float)region.size / (float)bins;
        low = product((float)p, size) + (float)region.start;
        high = product((float)(p + 1), size) + (float)region.start;
    } else {
        double size = region.size / (double)bins;
        low = product((double)p, size) + region.start;
        high = product((double)(p + 1), size) + region.start;
    }
    Range cells = cells_between(low, high);
    cells.end = max(cells.end, cells.start);
    return cells;
}

// The cells of bin p of a region; cut from it as it stands, before the map's border.
__device__ inline Range bin_cells(int p, const Extent& region, int bins, const Rules& rules) {
    if (rules.split == ABSOLUTE) return absolute_range(p, region, bins, rules.arithmetic);
    Range cells = bin_range(p, (long long)max(region.size, 0.0), bins, rules);
    cells.start += (long long)region.start;
    cells.end += (long long)region.start;
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
