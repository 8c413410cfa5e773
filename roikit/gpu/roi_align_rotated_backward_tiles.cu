// variants: feature
// shared: roi_align.cuh backward.cuh samples.cuh rotated.cuh
// The gradient of RoIAlign of rotated boxes by the map, gathered by tiles of the map: no atomics, and the same
// bits as roi_align_rotated_backward_plain.
//
//     a block    8 rows x 16 columns of one image, 32 channels; its sums lie in shared memory, in double
//     a warp     one row of them; its lanes first look at 32 samples, one each, and find those that read the
//                row; then these are added one after another, by lanes that are channels
//
// So where a sample lies is worked out once for a row of all channels, not for every cell.

#define TILE_ROWS WARPS
#define TILE_COLUMNS 16
#define TILE_CHANNELS 32
#define PITCH (TILE_CHANNELS + 1)  // no bank conflicts, be lanes channels or columns

// --- reach -------------------------------------------------------------------------------------------------

// The cells of a map axis that samples at most `half` from a centre may tap; a cell more, for their rounding.
// False where all of them lie outside.
__device__ inline bool cells_around(double centre, double half, int length, int* first, int* last) {
    if (centre + half < -2 || centre - half > length + 1) return false;
    *first = (int)fmin(fmax(floor(centre - half) - 1, 0.0), (double)(length - 1));
    *last = (int)fmin(fmax(floor(centre + half) + 2, 1.0), (double)(length - 1));
    return true;
}

extern "C" __global__ void __launch_bounds__(256, 2) roi_align_rotated_backward_reach(
    const double* __restrict__ rois, int* __restrict__ reach,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault
) {
    int k = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if (k >= K) return;
    Reach of = {-1, 0, 0, 0, 0};
    Frame box;
    Cut cut;
    if (read_rotated(rois, k, N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, fault, &box, &cut)) {
        double half_y = (box.height * fabs(box.cos) + box.width * fabs(box.sin)) / 2;
        double half_x = (box.height * fabs(box.sin) + box.width * fabs(box.cos)) / 2;
        bool on_map = cells_around(box.y, half_y, H, &of.y_first, &of.y_last)
            && cells_around(box.x, half_x, W, &of.x_first, &of.x_last);
        if (on_map) of.image = (int)box.batch;
    }
    write_reach(reach, k, K, of);
}

// --- the tile ----------------------------------------------------------------------------------------------

// One row of a tile, and the sums of a lane's channel, PITCH apart.
struct TileRow {
    int y, first_column, columns;
    double* sums;

    __device__ bool has(int x) const { return x >= first_column && x < first_column + columns; }

    __device__ void add(int x, const Tap& row, const Tap& column, double share) const {
        if (has(x)) add_sample(sums + (x - first_column) * PITCH, y, x, row, column, share);
    }
};

// The gradients of one box by the bins of a lane's channel, and the share of them that the last sample had.
struct Shares {
    const feature_t* bins;
    Strides steps;
    bool is_channel;  // and not one past the last
    double count;     // samples of a bin; those outside the map stay in the divisor
    int bin;
    double share;

    __device__ double of(int wanted, int PW) {
        if (wanted != bin) {
            bin = wanted;
            share = is_channel ? load(bins[bin / PW * steps.row + bin % PW * steps.column]) / count : 0;
        }
        return share;
    }
};

// A sample's taps as they are in the lane `from`.
__device__ inline Tap tap_of_lane(const Tap& mine, int from) {
    Tap tap = {
        true, __shfl_sync(ALL_LANES, mine.low, from), __shfl_sync(ALL_LANES, mine.high, from),
        __shfl_sync(ALL_LANES, mine.fraction, from)
    };
    return tap;
}

// Add what samples `first` .. `first + count` of a box give to the row; they are counted through all its bins.
__device__ inline void add_samples(
    const TileRow& to, Shares* shares, const Frame& box, const Cut& cut, int H, int W,
    long long first, int count
) {
    int lane = threadIdx.x % 32;
    Tap row = {}, column = {};
    int bin = 0;
    bool gives = false;
    if (lane < count) {
        long long i = first + lane, rows = i / cut.count_x;
        bin = (int)(rows / cut.count_y);
        Point point = sample_of(
            box, cut, bin / cut.PW, bin % cut.PW, (int)(rows % cut.count_y), (int)(i % cut.count_x)
        );
        row = axis_tap(point.y, H);
        column = axis_tap(point.x, W);
        gives = taps_cell(row, to.y) && column.inside && (to.has(column.low) || to.has(column.high));
    }
    for (unsigned hits = __ballot_sync(ALL_LANES, gives); hits; hits &= hits - 1) {
        int from = __ffs(hits) - 1;
        Tap its_row = tap_of_lane(row, from), its_column = tap_of_lane(column, from);
        double share = shares->of(__shfl_sync(ALL_LANES, bin, from), cut.PW);
        to.add(its_column.low, its_row, its_column, share);
        if (its_column.high != its_column.low) to.add(its_column.high, its_row, its_column, share);
    }
}

// Add what all samples of a box give to the row, 32 at a time; of long rows of samples those that come near.
__device__ inline void add_box(
    const TileRow& to, Shares* shares, const Frame& box, const Cut& cut, int H, int W
) {
    long long rows = (long long)cut.PH * cut.PW * cut.count_y;
    if (cut.count_x < 32) {
        for (long long i = 0; i < rows * cut.count_x; i += 32) {
            add_samples(to, shares, box, cut, H, W, i, (int)min(rows * cut.count_x - i, 32ll));
        }
        return;
    }
    Area area = {to.y - 2.0, to.first_column - 2.0, to.y + 1.0, (double)to.first_column + to.columns};
    for (long long first = 0; first < rows; first += 32) {
        long long mine = first + threadIdx.x % 32;
        int bin = (int)(mine / cut.count_y);
        bool near = mine < rows
            && !row_is_beyond(area, box, cut, bin / cut.PW, bin % cut.PW, (int)(mine % cut.count_y));
        for (unsigned hits = __ballot_sync(ALL_LANES, near); hits; hits &= hits - 1) {
            long long row = (first + __ffs(hits) - 1) * cut.count_x;
            for (int ix = 0; ix < cut.count_x; ix += 32) {
                add_samples(to, shares, box, cut, H, W, row + ix, min(cut.count_x - ix, 32));
            }
        }
    }
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw], each times the derivative of its bin by that cell.
extern "C" __global__ void __launch_bounds__(256, 2) roi_align_rotated_backward_tiles(
    const feature_t* __restrict__ grad, const double* __restrict__ rois, const int* __restrict__ reach,
    feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned
) {
    __shared__ double sums[TILE_ROWS * TILE_COLUMNS * PITCH];
    __shared__ int list[LISTED];
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    Tile tile = tile_of_block(N, H, W, TILE_CHANNELS, TILE_ROWS, TILE_COLUMNS);
    int lane = threadIdx.x % 32, row = threadIdx.x / 32, channels = min(TILE_CHANNELS, C - tile.c);
    double* of_row = sums + row * TILE_COLUMNS * PITCH;
    for (int x = 0; x < TILE_COLUMNS; x++) of_row[x * PITCH + lane] = 0;
    TileRow to = {tile.y + row, tile.x, tile.columns, of_row + lane};

    for (int first = 0; first < K; first += LISTED) {
        int listed = list_boxes(reach, first, K, tile, list);
        for (int i = 0; i < listed && row < tile.rows; i++) {
            Frame box;
            Cut cut;
            read_rotated(
                rois, list[i], N, PH, PW, spatial_scale, ratio_y, ratio_x, aligned, nullptr, &box, &cut
            );
            const feature_t* bins = grad + list[i] * grad_steps.image + (tile.c + lane) * grad_steps.channel;
            Shares shares = {bins, grad_steps, lane < channels, (double)cut.count_y * cut.count_x, -1, 0};
            add_box(to, &shares, box, cut, H, W);
        }
        __syncthreads();  // the list is made anew
    }
    if (row >= tile.rows) return;
    __syncwarp();
    bool channels_last = out_steps.channel == 1;
    for (int i = lane; i < channels * tile.columns; i += 32) {
        int c = channels_last ? i % channels : i / tile.columns;
        int x = channels_last ? i / channels : i % tile.columns;
        Element at = {tile.image, tile.c + c, tile.y + row, tile.x + x};
        store(out + offset(at, out_steps), (value_t)of_row[x * PITCH + c]);
    }
}
