// What the fast kernels of RoIAlign share: one block computes some channels of one RoI.
//
// What all channels share, cells and weights, is computed once a block, in double, into tables for each axis.
// Blocks are ordered RoIs first, channels second: those that run at a time read the same few channels, so
// that of a map too large for the L2 cache these few channels stay in it.
//
// An average is separable. All samples of a bin become one, with a weight for each cell that any of them
// taps: how many samples there are no longer counts, only how many cells they touch.

#define THREADS 256
#define LANES 32
#define WARPS (THREADS / LANES)
#define MOST_BINS 32   // a side of a RoI; roi_align.py does not choose the fast kernels for more
#define MOST_TAPS 256  // of one axis of a RoI, shared by its bins

__device__ inline int thread_of_block() { return threadIdx.y * blockDim.x + threadIdx.x; }

struct alignas(2 * sizeof(value_t)) WeightedCell {  // aligned: read in one go
    int cell;
    value_t weight;
};

// One axis of a RoI. Bin p has `samples[p]` samples, each the sum of `span[p]` weighted cells; all that are
// on the map. For an average it is one sample of many cells, for a maximum each is two cells.
struct AxisTable {
    Axis axis;
    int bins, count, length;  // count: sample points of a bin by the definition
    WeightedCell taps[MOST_TAPS];
    int samples[MOST_BINS];
    int span[MOST_BINS];
    bool zero[MOST_BINS];  // whether a 0 takes part in the maximum, from outside the map
};

struct Plan {
    bool valid;  // whether the RoI can be computed
    long long batch;
    AxisTable y, x;
    int lines;                  // samples of a bin along y, at most
    int first_column, columns;  // what any sample can tap
};

#define RECENT 4  // taps that the next sample of a bin may tap again: of two cells, with and without weight

// The taps of a bin, `used` of them so far, and what the last ones weigh: in double, since a float that adds
// up a thousand samples loses digits. recent[j] is that of tap `used - 1 - j`.
struct BinTaps {
    WeightedCell* taps;
    int used;
    double recent[RECENT];
};

__device__ inline void add_tap(BinTaps* bin, bool merge, int cell, double weight) {
    #pragma unroll
    for (int j = RECENT - 1; j >= 0; j--) {
        if (!merge || j >= bin->used) continue;
        WeightedCell* tap = bin->taps + bin->used - 1 - j;
        // Times 0, an infinite cell is NaN: a tap that weighs nothing stays by itself.
        if (tap->cell == cell && (tap->weight == 0) == (weight == 0)) {
            bin->recent[j] += weight;
            tap->weight = (value_t)bin->recent[j];
            return;
        }
    }
    #pragma unroll
    for (int j = RECENT - 1; j > 0; j--) bin->recent[j] = bin->recent[j - 1];
    bin->recent[0] = weight;
    bin->taps[bin->used].cell = cell;
    bin->taps[bin->used].weight = (value_t)weight;
    bin->used++;
}

// The table of bin p; false where its taps have no room.
__device__ inline bool fill_bin(AxisTable* table, int p, bool average) {
    int room = MOST_TAPS / table->bins;
    BinTaps bin = {table->taps + p * room, 0, {}};
    double share = average ? 1.0 / table->count : 1.0;
    bool outside = table->count == 0;
    for (int i = 0; i < table->count; i++) {
        Tap tap = axis_tap(sample_point(table->axis, table->bins, table->count, p, i), table->length);
        if (!tap.inside) {
            outside = true;
            continue;
        }
        if (bin.used + 2 > room) return false;
        add_tap(&bin, average, tap.low, (1 - tap.fraction) * share);
        add_tap(&bin, average, tap.high, tap.fraction * share);
    }
    table->samples[p] = average ? 1 : bin.used / 2;
    table->span[p] = average ? bin.used : 2;
    table->zero[p] = outside && !average;
    return true;
}

__device__ inline const WeightedCell* taps_of(const AxisTable& table, int p, int sample) {
    return table.taps + p * (MOST_TAPS / table.bins) + sample * table.span[p];
}

// The cell of a point, on the map.
__device__ inline int nearest_cell(double point, int length) {
    return (int)floor(fmin(fmax(point, 0.0), length - 1.0));
}

__device__ inline void find_columns(Plan* plan) {
    const AxisTable& x = plan->x;
    double one_end = sample_point(x.axis, x.bins, x.count, 0, 0);
    double other_end = sample_point(x.axis, x.bins, x.count, x.bins - 1, x.count - 1);
    plan->first_column = nearest_cell(fmin(one_end, other_end), x.length);
    plan->columns = min(nearest_cell(fmax(one_end, other_end), x.length) + 2, x.length) - plan->first_column;
}

__device__ inline void set_axis(AxisTable* table, Axis axis, int bins, int count, int length) {
    table->axis = axis;
    table->bins = bins;
    table->count = count;
    table->length = length;
}

// The plan of RoI k; all threads of the block take part. False where its taps have no room.
__device__ inline bool make_plan(
    Plan* plan, const box_t* __restrict__ rois, int k, int N, int H, int W, int PH, int PW, Sampling how,
    Fault* fault
) {
    int thread = thread_of_block();
    if (thread == 0) {
        Region region;
        plan->valid = read_region(rois, k, N, PH, PW, how, fault, &region);
        if (plan->valid) {
            plan->batch = region.batch;
            set_axis(&plan->y, region.y, PH, region.count_y, H);
            set_axis(&plan->x, region.x, PW, region.count_x, W);
            plan->lines = how.average ? 1 : region.count_y;
        }
    }
    __syncthreads();
    bool fits = true;
    if (plan->valid && thread < PH + PW) {
        bool is_y = thread < PH;
        fits = fill_bin(is_y ? &plan->y : &plan->x, is_y ? thread : thread - PH, how.average);
    }
    if (plan->valid && thread == THREADS - 1) find_columns(plan);
    return __syncthreads_and(fits);
}

// --- what is written ---------------------------------------------------------------------------------------

// What a block writes of one RoI: `out` is bin 0 of its first channel. Bins lie one after the other.
struct Target {
    feature_t* out;
    long long channel, bin;  // elements to the next
    int channels, bins;
};

__device__ inline Target target_of(
    feature_t* out, Strides to, int k, int first_channel, int channels, int bins
) {
    Target target = {out + k * to.image + first_channel * to.channel, to.channel, to.column, channels, bins};
    return target;
}

__device__ inline void fill_with_nan(Target target) {
    for (int i = thread_of_block(); i < target.channels * target.bins; i += THREADS) {
        int c = i / target.bins;
        int bin = i % target.bins;
        store(target.out + c * target.channel + bin * target.bin, nan_value());
    }
}

// The tile's channels, in shared memory of 32 banks. A gap after each 32 channels keeps lanes of 4 channels
// each in banks of their own, an odd pitch lanes that are bins.
__device__ inline int place_of(int channel) { return channel + channel / LANES; }
__device__ inline int pitch_of(int channels) { return (channels + channels / LANES) | 1; }

// Bins from `first` on, whose values are at tile[bin * pitch + place_of(channel)].
__device__ inline void write_bins(Target target, int first, int bins, const value_t* tile, int pitch) {
    int thread = thread_of_block();
    int lane = thread % LANES;
    feature_t* out = target.out + first * target.bin;
    for (int c = thread / LANES; c < target.channels; c += WARPS) {
        for (int bin = lane; bin < bins; bin += LANES) {
            store(out + c * target.channel + bin * target.bin, tile[bin * pitch + place_of(c)]);
        }
    }
}

// --- a RoI whose taps have no room -------------------------------------------------------------------------

#define WINDOW (MOST_TAPS / 2)  // samples of one axis whose taps have room in its table; half the threads

// Sample `first + i` of bin p becomes the i-th of a table; cell -1 is outside the map.
__device__ inline void fill_window(AxisTable* table, int p, int first, int i) {
    if (first + i >= table->count) return;
    Tap tap = axis_tap(sample_point(table->axis, table->bins, table->count, p, first + i), table->length);
    table->taps[2 * i].cell = tap.inside ? tap.low : -1;
    table->taps[2 * i].weight = (value_t)(1 - tap.fraction);
    table->taps[2 * i + 1].cell = tap.high;
    table->taps[2 * i + 1].weight = (value_t)tap.fraction;
}

// The samples of a bin, so far: their sum, in double as in the readable kernel, and their maximum.
struct Samples {
    double sum;
    value_t best;
};

__device__ __forceinline__ void add(Samples* samples, double sum, value_t best) {
    samples->sum += sum;
    samples->best = larger(best, samples->best);
}

// Adds those of a window of one channel, a column of them each lane.
__device__ inline void align_window(
    const Plan& plan, int rows, int columns, const feature_t* __restrict__ map, Strides from, Samples* samples
) {
    int row_stride = (int)from.row;
    int column_stride = (int)from.column;
    for (int iy = 0; iy < rows; iy++) {
        WeightedCell top = plan.y.taps[2 * iy];
        WeightedCell bottom = plan.y.taps[2 * iy + 1];
        for (int ix = thread_of_block() % LANES; ix < columns; ix += LANES) {
            WeightedCell left = plan.x.taps[2 * ix];
            WeightedCell right = plan.x.taps[2 * ix + 1];
            value_t value = 0;  // outside the map
            if (top.cell >= 0 && left.cell >= 0) {
                const feature_t* low = map + top.cell * row_stride;
                const feature_t* high = map + bottom.cell * row_stride;
                int start = left.cell * column_stride;
                int end = right.cell * column_stride;
                value = blend(
                    load(low[start]), load(low[end]), load(high[start]), load(high[end]),
                    bottom.weight, right.weight
                );
            }
            add(samples, value, value);
        }
    }
}

// What the lanes of a warp have found, together.
__device__ inline void reduce(Samples* samples) {
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
        double sum = __shfl_xor_sync(0xffffffffu, samples->sum, distance);
        add(samples, sum, __shfl_xor_sync(0xffffffffu, samples->best, distance));
    }
}

// Channel by channel, a warp each, bin by bin, and window by window of its samples.
__device__ inline void align_in_windows(
    Plan* plan, Target target, const feature_t* __restrict__ maps, Strides from, bool average
) {
    int thread = thread_of_block();
    int count_y = plan->y.count;
    int count_x = plan->x.count;
    for (int i = 0; i < (target.channels + WARPS - 1) / WARPS * target.bins; i++) {
        int c = i / target.bins * WARPS + thread / LANES;
        int bin = i % target.bins;
        Samples samples = {0, -infinity()};
        for (int iy = 0; iy < count_y; iy += WINDOW) {
            for (int ix = 0; ix < count_x; ix += WINDOW) {
                bool is_y = thread < WINDOW;
                int p = is_y ? bin / plan->x.bins : bin % plan->x.bins;
                __syncthreads();
                fill_window(is_y ? &plan->y : &plan->x, p, is_y ? iy : ix, thread % WINDOW);
                __syncthreads();
                if (c >= target.channels) continue;
                const feature_t* map = maps + c * from.channel;
                int rows = min(WINDOW, count_y - iy);
                int columns = min(WINDOW, count_x - ix);
                align_window(*plan, rows, columns, map, from, &samples);
            }
        }
        reduce(&samples);
        value_t result = average ? (value_t)(samples.sum / ((double)count_y * count_x)) : samples.best;
        if (count_y == 0 || count_x == 0) result = 0;  // an empty box
        if (thread % LANES == 0 && c < target.channels) {
            store(target.out + c * target.channel + bin * target.bin, result + 0);
        }
    }
}
