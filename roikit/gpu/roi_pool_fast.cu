// variants: feature box index
// RoI pooling as in roi_pool.cu, in two steps. roi_pool_edges finds the bins of every box, once for all
// channels. Then a thread pools a bin of four channels: it reads the edges, and walks over the cells, once.
// Two kernels do so, which differ in where the map's cells are:
//
//     roi_pool_planes   four channels lie in shared memory, and the block pools them for many boxes
//     roi_pool_bins     cells are read where they are; a block pools one box for many channels
//
// The second number of __launch_bounds__, blocks that run side by side, is such that no register is spilled.

struct __align__(8) Edges { int start, end; };  // the cells of one bin on one axis of the map

struct __align__(16) Four { value_t of[4]; };  // one cell of four channels

// --- the edges ---------------------------------------------------------------------------------------------

// images[k]: the image of a box, or -1 if the box cannot be computed. edges[k, p]: the rows of its bins for
// p < PH, then the columns. lengths[k, p]: how many with those off the map; null where these play no part.
extern "C" __global__ void __launch_bounds__(256) roi_pool_edges(
    const box_t* __restrict__ rois,
    int* __restrict__ images, Edges* __restrict__ edges, long long* __restrict__ lengths,
    int N, int H, int W, int K, int PH, int PW,
    double spatial_scale,
    int rounding, int split, int arithmetic, int round_pixels, int inclusive, int outside_is_zero,
    double minimum_size, double empty_value, double offset, double start_added, double end_added, Fault* fault
) {
    Rules rules = {
        rounding, split, arithmetic, round_pixels, inclusive, outside_is_zero,
        minimum_size, empty_value, offset, start_added, end_added,
    };
    long long count = (long long)K * (PH + PW), threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        int k = (int)(i / (PH + PW)), p = (int)(i % (PH + PW));
        bool is_row = p < PH;
        Range cells = {0, 0};
        Roi roi;
        bool usable = read_roi(rois, k, N, spatial_scale, fault, &roi);
        if (usable) {
            double start = is_row ? roi.y1 : roi.x1, end = is_row ? roi.y2 : roi.x2;
            Extent region = quantize_axis(start, end, spatial_scale, rules);
            cells = bin_cells(is_row ? p : p - PH, region, is_row ? PH : PW, rules);
        }
        Range on_map = clip_range(cells, is_row ? H : W);
        edges[i].start = (int)on_map.start;
        edges[i].end = (int)on_map.end;
        if (lengths) lengths[i] = cells.end - cells.start;
        if (p == 0) images[k] = usable ? (int)roi.batch : -1;
    }
}

// --- one bin of four channels ------------------------------------------------------------------------------

struct Pooled {
    Four value;
    int index[4];  // y * W + x, or -1
};

__device__ inline Pooled all_channels(value_t value) {
    Pooled pooled;
    for (int c = 0; c < 4; c++) {
        pooled.value.of[c] = value;
        pooled.index[c] = -1;
    }
    return pooled;
}

struct Cells {
    Edges rows, columns;
    int count;
    double off_map;  // how many more, off the map, take part as 0
};

// The cells of a bin from its rows' and its columns' place in the tables of edges and lengths.
__device__ inline Cells read_cells(
    const Edges* __restrict__ edges, const long long* __restrict__ lengths, long long row, long long column
) {
    Cells cells = {edges[row], edges[column], 0, 0};
    cells.count = (cells.rows.end - cells.rows.start) * (cells.columns.end - cells.columns.start);
    if (lengths) cells.off_map = product((double)lengths[row], (double)lengths[column]) - cells.count;
    return cells;
}

// The first maximum in row-major order, or the first NaN; there is a cell.
template <class Map>
__device__ inline Pooled largest(const Map& map, const Cells& cells, int W) {
    Pooled best = all_channels(-infinity());
    int first = cells.rows.start * W + cells.columns.start;
    for (int c = 0; c < 4; c++) best.index[c] = first;  // right where all is -infinity
    for (int y = cells.rows.start; y < cells.rows.end; y++) {
        for (int x = cells.columns.start; x < cells.columns.end; x++) {
            Four cell = map.cell(y, x);
            for (int c = 0; c < 4; c++) {
                bool best_is_number = best.value.of[c] == best.value.of[c];
                bool take = !(cell.of[c] <= best.value.of[c]) && best_is_number;  // greater, or the first NaN
                best.value.of[c] = take ? cell.of[c] : best.value.of[c];
                best.index[c] = take ? y * W + x : best.index[c];
            }
        }
    }
    return best;
}

// Summed in double, as the definition sums, in its order: the same bits, and no float that overflows.
template <class Map>
__device__ inline Pooled mean(const Map& map, const Cells& cells) {
    double total[4] = {0, 0, 0, 0};
    for (int y = cells.rows.start; y < cells.rows.end; y++) {
        for (int x = cells.columns.start; x < cells.columns.end; x++) {
            Four cell = map.cell(y, x);
            for (int c = 0; c < 4; c++) total[c] += cell.of[c];
        }
    }
    Pooled pooled = all_channels(0);
    for (int c = 0; c < 4; c++) pooled.value.of[c] = (value_t)(total[c] / (cells.count + cells.off_map));
    return pooled;
}

template <class Map>
__device__ inline Pooled pool_bin(
    const Map& map, const Cells& cells, int W, double empty_value, bool average
) {
    if (cells.count == 0 && cells.off_map == 0) return all_channels((value_t)empty_value);
    if (average) return mean(map, cells);
    if (cells.count == 0) return all_channels(0);
    Pooled pooled = largest(map, cells, W);
    for (int c = 0; c < 4; c++) {
        if (cells.off_map > 0 && pooled.value.of[c] < 0) {  // a 0 off the map is the maximum
            pooled.value.of[c] = 0;
            pooled.index[c] = -1;
        }
    }
    return pooled;
}

__device__ inline long long offset(const Strides& steps, long long n, long long c, long long y, long long x) {
    return n * steps.image + c * steps.channel + y * steps.row + x * steps.column;
}

// A thread's channels stand `step` apart; the first goes to `out`. Those from `left` on are not there.
__device__ inline void store_bin(
    const Pooled& pooled, int step, int left, feature_t* out, long long out_channel, index_t* argmax,
    long long argmax_channel
) {
    for (int c = 0; c < 4; c++) {
        if (c * step < left) store(out, pooled.value.of[c]);
        out += step * out_channel;
    }
    if (!argmax) return;
    for (int c = 0; c < 4; c++) {
        if (c * step < left) *argmax = (index_t)pooled.index[c];
        argmax += step * argmax_channel;
    }
}

// --- four channels in shared memory ------------------------------------------------------------------------

struct SharedPlanes {
    const Four* cells;
    int W;
    __device__ Four cell(int y, int x) const { return cells[y * W + x]; }
};

// Block (x, y): four channels of one image, and every gridDim.y-th handful of boxes: as many as the block has
// threads for. A thread keeps its bin from box to box, so it divides for it only once.
extern "C" __global__ void __launch_bounds__(256, 4) roi_pool_planes(
    const feature_t* __restrict__ features, const int* __restrict__ images,
    const Edges* __restrict__ edges, const long long* __restrict__ lengths,
    feature_t* __restrict__ out, index_t* __restrict__ argmax,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    int C, int H, int W, int K, int PH, int PW, double empty_value, int average
) {
    extern __shared__ Four planes[];
    Strides steps = {features_image, features_channel, features_row, features_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    Strides argmax_steps = {argmax_image, argmax_channel, argmax_row, argmax_column};
    int groups = (C + 3) / 4, n = blockIdx.x / groups;
    int first = blockIdx.x % groups * 4, left = C - first;  // channels from the first of the four on
    for (int i = threadIdx.x; i < H * W; i += blockDim.x) {
        const feature_t* cell = features + offset(steps, n, first, i / W, i % W);
        for (int c = 0; c < 4; c++) planes[i].of[c] = load(cell[min(c, left - 1) * steps.channel]);
    }
    __syncthreads();

    SharedPlanes map = {planes, W};
    int bins = PH * PW, boxes = max((int)blockDim.x / bins, 1), my_box = threadIdx.x / bins;
    if (my_box >= boxes) return;
    for (int bin = threadIdx.x % bins; bin < bins; bin += blockDim.x) {
        int ph = bin / PW, pw = bin % PW;
        feature_t* out_bin = out + offset(out_steps, 0, first, ph, pw);
        index_t* argmax_bin = argmax + offset(argmax_steps, 0, first, ph, pw);  // null: all steps are 0
        for (int k = blockIdx.y * boxes + my_box; k < K; k += gridDim.y * boxes) {
            bool faulty = images[k] < 0;
            if (faulty ? n > 0 : images[k] != n) continue;  // image 0 also writes what is faulty
            Pooled pooled = all_channels(nan_value());
            if (!faulty) {
                long long box = (long long)k * (PH + PW);
                Cells cells = read_cells(edges, lengths, box + ph, box + PH + pw);
                pooled = pool_bin(map, cells, W, empty_value, average);
            }
            store_bin(
                pooled, 1, left, out_bin + k * out_steps.image, out_steps.channel,
                argmax_bin + k * argmax_steps.image, argmax_steps.channel
            );
        }
    }
}

// --- cells where they are ----------------------------------------------------------------------------------

struct FourPlanes {
    const feature_t* plane[4];
    long long row, column;
    __device__ Four cell(int y, int x) const {
        Four cell;
        for (int i = 0; i < 4; i++) cell.of[i] = load(plane[i][y * row + x * column]);
        return cell;
    }
};

#define BLOCK_CHANNELS 128

// Block (x, y): box x, and BLOCK_CHANNELS channels. Lanes lie along what is contiguous in memory: channels
// last, along 32 channels, so that the four of a thread stand 32 apart; else along the bins.
extern "C" __global__ void __launch_bounds__(256, 3) roi_pool_bins(
    const feature_t* __restrict__ features, const int* __restrict__ images,
    const Edges* __restrict__ edges, const long long* __restrict__ lengths,
    feature_t* __restrict__ out, index_t* __restrict__ argmax,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    int C, int W, int PH, int PW, double empty_value, int average, int channels_last
) {
    Strides steps = {features_image, features_channel, features_row, features_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    Strides argmax_steps = {argmax_image, argmax_channel, argmax_row, argmax_column};
    int k = blockIdx.x, n = images[k], bins = PH * PW, step = channels_last ? 32 : 1;
    long long box = (long long)k * (PH + PW);
    for (int chunk = blockIdx.y * BLOCK_CHANNELS; chunk < C; chunk += gridDim.y * BLOCK_CHANNELS) {
        for (int i = threadIdx.x; i < bins * (BLOCK_CHANNELS / 4); i += blockDim.x) {
            int bin = channels_last ? i / 32 : i % bins;
            int ph = bin / PW, pw = bin % PW;
            int first = chunk + (channels_last ? i % 32 : i / bins * 4), left = C - first;
            if (left <= 0) continue;

            Pooled pooled = all_channels(nan_value());  // of a box that cannot be computed
            if (n >= 0) {
                FourPlanes map;
                for (int j = 0; j < 4; j++) {
                    int c = min(first + j * step, C - 1);  // the last again, where there are no four
                    map.plane[j] = features + offset(steps, n, c, 0, 0);
                }
                map.row = steps.row;
                map.column = steps.column;
                Cells cells = read_cells(edges, lengths, box + ph, box + PH + pw);
                pooled = pool_bin(map, cells, W, empty_value, average);
            }
            store_bin(
                pooled, step, left, out + offset(out_steps, k, first, ph, pw), out_steps.channel,
                argmax + offset(argmax_steps, k, first, ph, pw), argmax_steps.channel
            );
        }
    }
}
