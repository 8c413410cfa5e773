// variants: feature box
// shared: roi_align.cuh backward.cuh
// The gradient of average RoIAlign by the map, gathered by tiles of the map: no atomics, the same bits in
// every run, every element of the output written once.
//
//     a block    8 rows x 16 columns of one image, 32 channels
//     a warp     one row of them; a lane one channel, whose 16 sums it keeps in registers
//
// RoIAlign is a product of matrices: bins = W_y map W_x', so the gradient is W_y' bins W_x. A block walks
// through the boxes that reach its tile, a few at a time. For each it writes to shared memory the rows of W_y
// and W_x as far as they lie on the tile, and, where lanes (channels) are not neighbours in memory, the
// gradients of the bins that give to the tile. Then each lane adds, box after box, bin after bin.

#define TILE_ROWS 8
#define TILE_COLUMNS 16
#define TILE_CHANNELS 32
#define TURNED (TILE_COLUMNS + 1)   // odd: lanes that write a channel each meet 32 banks
#define WEIGHTS (TILE_COLUMNS + 4)  // of a bin, and a gap: lanes that write four of a bin each meet all banks

struct alignas(16) Four { value_t of[4]; };

// Which cells of a tile one bin taps on one axis, a bit for each: a NaN or inf goes there, also by weight 0.
struct Taps { unsigned short any, by_zero; };

// What a block knows of the few boxes that it walks through at a time; in shared memory.
struct Stage {
    value_t* weights;    // [box][PH + PW][WEIGHTS]: of bins (rows, then columns) for the cells of the tile
    value_t* gradients;  // [box][channel][padded bins]; none where they are read from where they are
    Taps* taps;          // [box][PH + PW]
    int padded;          // bins of a box, odd: lanes that read one bin of a channel each meet 32 banks
};

// --- reach -------------------------------------------------------------------------------------------------

extern "C" __global__ void __launch_bounds__(256, 2) roi_align_backward_reach(
    const box_t* __restrict__ rois, int* __restrict__ reach,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault
) {
    int k = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if (k >= K) return;
    Reach of = {-1, 0, 0, 0, 0};
    Region box;
    if (read_giving_region(rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box)
        && tapped_cells(box.y, PH, box.count_y, H, &of.y_first, &of.y_last)
        && tapped_cells(box.x, PW, box.count_x, W, &of.x_first, &of.x_last)) {
        of.image = (int)box.batch;
    }
    write_reach(reach, k, K, of);
}

// --- weights -----------------------------------------------------------------------------------------------

// The points of bin p that may tap the cells [first, first + cells): of many, only few are near a tile.
__device__ inline Range points_near(Axis axis, int bins, int count, int p, int first, int cells) {
    Range points = {0, count};
    double step = axis.size / bins / count;
    if (count <= TILE_COLUMNS || !(step > 0)) return points;
    double start = axis.start + p * (axis.size / bins);
    double begin = floor((first - 1 - start) / step) - 1, end = ceil((first + cells - start) / step) + 1;
    points.start = (long long)fmin(fmax(begin, 0.0), (double)count);
    points.end = (long long)fmin(fmax(end, 0.0), (double)count);
    return points;
}

// The part of a map axis that a tile covers, and what one bin gives there.
struct TileAxis {
    int first, cells;
    value_t* weights;
    Taps taps;

    __device__ __forceinline__ void tap(int cell, double weight) {
        unsigned i = (unsigned)(cell - first);
        if (i >= (unsigned)cells) return;
        taps.any |= 1u << i;
        if (weight == 0) taps.by_zero |= 1u << i;
    }

    __device__ __forceinline__ void add(int cell, double weight) {
        unsigned i = (unsigned)(cell - first);
        if (i < (unsigned)cells) weights[i] += (value_t)weight;
    }
};

// Weights and taps of bin p. Points of a bin come in order, so that two sums, in double, are enough: of the
// cell `at` that the last point tapped, and of the one after it.
__device__ inline void weigh_bin(
    Axis axis, int bins, int count, int p, int length, double share, TileAxis* tile
) {
    Four* fours = reinterpret_cast<Four*>(tile->weights);
    Four none = {{0, 0, 0, 0}};
    for (int i = 0; i < TILE_COLUMNS / 4; i++) fours[i] = none;
    Range points = points_near(axis, bins, count, p, tile->first, tile->cells);
    int at = 0;
    double here = 0, after = 0;
    for (int i = (int)points.start; i < (int)points.end; i++) {
        Tap tap = axis_tap(sample_point(axis, bins, count, p, i), length);
        if (!tap.inside) continue;
        tile->tap(tap.low, 1 - tap.fraction);
        tile->tap(tap.high, tap.fraction);
        if (tap.low != at) {
            bool to_the_next = tap.low == at + 1;
            tile->add(at, here * share);
            if (!to_the_next) tile->add(at + 1, after * share);
            here = to_the_next ? after : 0;
            after = 0;
            at = tap.low;
        }
        here += 1 - tap.fraction;
        after += tap.fraction;
    }
    tile->add(at, here * share);
    tile->add(at + 1, after * share);
}

// Samples outside the map take part in the divisor, which is in the weights of the rows.
__device__ inline Taps weigh_row(
    const Region& box, int ph, int PH, int H, const Tile& tile, value_t* weights
) {
    double share = 1 / ((double)box.count_y * box.count_x);
    TileAxis rows = {tile.y, tile.rows, weights, {0, 0}};
    weigh_bin(box.y, PH, box.count_y, ph, H, share, &rows);
    return rows.taps;
}

__device__ inline Taps weigh_column(
    const Region& box, int pw, int PW, int W, const Tile& tile, value_t* weights
) {
    TileAxis columns = {tile.x, tile.columns, weights, {0, 0}};
    weigh_bin(box.x, PW, box.count_x, pw, W, 1, &columns);
    return columns.taps;
}

// --- the tile ----------------------------------------------------------------------------------------------

struct Bins { int first, end; };

// The bins that tap one of the cells `bits`, by all lanes of a warp: they are neighbours, if there are any.
__device__ inline Bins tapping(const Taps* taps, int bins, unsigned bits) {
    Bins found = {bins, 0};
    for (int first = 0; first < bins; first += 32) {
        int p = first + threadIdx.x % 32;
        unsigned hits = __ballot_sync(ALL_LANES, p < bins && (taps[p].any & bits) != 0);
        if (!hits) continue;
        found.first = min(found.first, first + __ffs(hits) - 1);
        found.end = first + 32 - __clz(hits);
    }
    return found;
}

// The gradients of one box by the bins of one lane's channel.
struct Gradients {
    const value_t* staged;
    const feature_t* stored;
    long long row, column;
    int PW;
    bool is_channel;  // and not one past the last

    __device__ __forceinline__ value_t at(int ph, int pw) const {
        if (!is_channel) return 0;
        return staged ? staged[ph * PW + pw] : load(stored[ph * row + pw * column]);
    }
};

// sums[x] += what one box gives to row `row` of the tile: columns x, and the lane's channel.
__device__ inline void add_box(
    value_t* sums, int row, const value_t* weights, const Taps* taps, const Gradients& gradients,
    int PH, int PW
) {
    const Taps* column_taps = taps + PH;
    Bins rows = tapping(taps, PH, 1u << row);
    if (rows.first >= rows.end) return;
    Bins columns = tapping(column_taps, PW, 0xffffu);
    for (int pw = columns.first; pw < columns.end; pw++) {
        value_t value = 0;
        for (int ph = rows.first; ph < rows.end; ph++) {
            value += weights[ph * WEIGHTS + row] * gradients.at(ph, pw);
        }
        const value_t* column_weights = weights + (PH + pw) * WEIGHTS;
        bool is_finite = value - value == 0;
        if (__all_sync(ALL_LANES, is_finite)) {  // where no sample taps, 0 is added
            const Four* fours = reinterpret_cast<const Four*>(column_weights);
            #pragma unroll
            for (int i = 0; i < TILE_COLUMNS; i += 4) {
                Four four = fours[i / 4];
                for (int j = 0; j < 4; j++) sums[i + j] += four.of[j] * value;
            }
            continue;
        }
        for (int ph = rows.first; ph < rows.end; ph++) {
            if (!(taps[ph].any >> row & 1)) continue;
            bool row_by_zero = taps[ph].by_zero >> row & 1;
            value_t gradient = gradients.at(ph, pw), weight = weights[ph * WEIGHTS + row];
            #pragma unroll
            for (int i = 0; i < TILE_COLUMNS; i++) {
                if (!(column_taps[pw].any >> i & 1)) continue;
                bool by_zero = row_by_zero || column_taps[pw].by_zero >> i & 1;
                sums[i] += column_weights[i] * (weight * gradient) + (by_zero ? 0 * gradient : 0);
            }
        }
    }
}

// Copy to shared memory those gradients of box k that give to the tile: a warp a channel, a lane a bin.
__device__ inline void stage_gradients(
    const feature_t* __restrict__ bins, const Strides& steps, int channels, int PH, int PW,
    const Taps* taps, int padded, value_t* staged
) {
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    for (int bin = lane; bin < PH * PW; bin += 32) {
        int ph = bin / PW, pw = bin % PW;
        if (!taps[ph].any || !taps[PH + pw].any) continue;
        const feature_t* from = bins + ph * steps.row + pw * steps.column;
        for (int c = warp; c < channels; c += WARPS) staged[c * padded + bin] = load(from[c * steps.channel]);
    }
}

// One row of the tile to the output. Lanes hold a channel each; where these are no neighbours in memory, they
// are turned in shared memory (a part for each warp) so that lanes write a column each.
__device__ inline void write_row(
    const value_t* sums, feature_t* __restrict__ row, const Strides& steps, const Tile& tile, int channels,
    value_t* turned
) {
    int lane = threadIdx.x % 32;
    if (steps.channel == 1) {
        #pragma unroll
        for (int x = 0; x < TILE_COLUMNS; x++) {
            if (x < tile.columns && lane < channels) store(row + x * steps.column + lane, sums[x]);
        }
        return;
    }
    #pragma unroll
    for (int x = 0; x < TILE_COLUMNS; x++) turned[lane * TURNED + x] = sums[x];
    __syncwarp();
    for (int i = lane; i < channels * TILE_COLUMNS; i += 32) {
        int c = i / TILE_COLUMNS, x = i % TILE_COLUMNS;
        if (x < tile.columns) store(row + c * steps.channel + x * steps.column, turned[c * TURNED + x]);
    }
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) roi_align_backward_tiles(
    const feature_t* __restrict__ grad, const box_t* __restrict__ rois, const int* __restrict__ reach,
    feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int boxes_at_a_time, int is_staged
) {
    extern __shared__ Four shared[];
    __shared__ int list[LISTED];
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    Tile tile = tile_of_block(N, H, W, TILE_CHANNELS, TILE_ROWS, TILE_COLUMNS);
    int lane = threadIdx.x % 32, row = threadIdx.x / 32;
    int channels = min(TILE_CHANNELS, C - tile.c), axes = PH + PW;
    Stage stage;
    stage.padded = PH * PW | 1;
    stage.weights = reinterpret_cast<value_t*>(shared);
    stage.gradients = stage.weights + boxes_at_a_time * axes * WEIGHTS;
    int staged = is_staged ? boxes_at_a_time * TILE_CHANNELS * stage.padded : 0;
    stage.taps = reinterpret_cast<Taps*>(stage.gradients + staged);
    value_t sums[TILE_COLUMNS];
    #pragma unroll
    for (int x = 0; x < TILE_COLUMNS; x++) sums[x] = 0;

    for (int first = 0; first < K; first += LISTED) {
        int listed = list_boxes(reach, first, K, tile, list);
        for (int begin = 0; begin < listed; begin += boxes_at_a_time) {
            int boxes = min(boxes_at_a_time, listed - begin);
            for (int i = threadIdx.x; i < boxes * axes; i += 256) {
                Region box;
                int k = list[begin + i / axes], p = i % axes;
                read_giving_region(rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, nullptr, &box);
                value_t* weights = stage.weights + i * WEIGHTS;
                stage.taps[i] = p < PH
                    ? weigh_row(box, p, PH, H, tile, weights)
                    : weigh_column(box, p - PH, PW, W, tile, weights);
            }
            __syncthreads();
            if (is_staged) {
                for (int i = 0; i < boxes; i++) {
                    const feature_t* bins
                        = grad + list[begin + i] * grad_steps.image + tile.c * grad_steps.channel;
                    value_t* to = stage.gradients + i * TILE_CHANNELS * stage.padded;
                    const Taps* taps = stage.taps + i * axes;
                    stage_gradients(bins, grad_steps, channels, PH, PW, taps, stage.padded, to);
                }
                __syncthreads();
            }
            for (int i = 0; i < boxes; i++) {
                const value_t* staged = stage.gradients + (i * TILE_CHANNELS + lane) * stage.padded;
                const feature_t* stored
                    = grad + list[begin + i] * grad_steps.image + (tile.c + lane) * grad_steps.channel;
                Gradients gradients = {
                    is_staged ? staged : nullptr, stored, grad_steps.row, grad_steps.column, PW,
                    lane < channels
                };
                const value_t* weights = stage.weights + i * axes * WEIGHTS;
                add_box(sums, row, weights, stage.taps + i * axes, gradients, PH, PW);
            }
            __syncthreads();
        }
    }
    if (row >= tile.rows) return;
    feature_t* to = out + tile.image * out_steps.image + tile.c * out_steps.channel
        + (tile.y + row) * out_steps.row + tile.x * out_steps.column;
    value_t* turned = stage.weights + row * TILE_CHANNELS * TURNED;
    write_row(sums, to, out_steps, tile, channels, turned);
}
