// What the kernels of both gradients share: the order in which threads meet elements, and which boxes a tile
// of the map has to look at.

#define ALL_LANES 0xffffffffu
#define WARPS 8                    // of a block of 256 threads
#define SCANNED 4                  // boxes that one thread looks at in one scan
#define LISTED (SCANNED * 256)     // boxes that a block looks at in one scan

// --- elements ----------------------------------------------------------------------------------------------

struct Element { int n, c, y, x; };  // of an array (N, C, H, W); of bins: k, c, ph, pw

// Element i, counted along the memory: neighbouring threads meet neighbours in either layout.
__device__ inline Element element_at(long long i, int C, int H, int W, const Strides& steps) {
    Element element;
    bool channels_last = steps.channel == 1;
    if (channels_last) {
        element.c = (int)(i % C);
        i /= C;
    }
    element.x = (int)(i % W);
    i /= W;
    element.y = (int)(i % H);
    i /= H;
    if (!channels_last) {
        element.c = (int)(i % C);
        i /= C;
    }
    element.n = (int)i;
    return element;
}

__device__ __forceinline__ long long offset(const Element& at, const Strides& steps) {
    return at.n * steps.image + at.c * steps.channel + at.y * steps.row + at.x * steps.column;
}

// out = sums, rounded: how atomic sums become halves, which have no atomics of their own. sums (N, C, H, W).
extern "C" __global__ void __launch_bounds__(256, 2) round_sums(
    const value_t* __restrict__ sums, feature_t* __restrict__ out,
    long long sums_image, long long sums_channel, long long sums_row, long long sums_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W
) {
    Strides from = {sums_image, sums_channel, sums_row, sums_column};
    Strides to = {out_image, out_channel, out_row, out_column};
    long long count = (long long)N * C * H * W, threads = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += threads) {
        Element at = element_at(i, C, H, W, to);
        store(out + offset(at, to), sums[offset(at, from)]);
    }
}

// --- boxes -------------------------------------------------------------------------------------------------

// The image of box k, or -1 if it cannot be computed; where it lies does not matter to pooling's gradient.
__device__ inline int image_of_box(const box_t* __restrict__ rois, int k, int N, Fault* fault) {
    Roi roi;
    return read_roi(rois, k, N, 0, fault, &roi) ? (int)roi.batch : -1;
}

// --- boxes of RoIAlign -------------------------------------------------------------------------------------

// The cells of a map axis that a box's samples can tap: from the cell of the lowest to the one after that of
// the highest. (Rounded, a sample may lie beyond the box's end.) False where all of them lie outside.
__device__ inline bool tapped_cells(Axis axis, int bins, int count, int length, int* first, int* last) {
    double one_end = sample_point(axis, bins, count, 0, 0);
    double other_end = sample_point(axis, bins, count, bins - 1, count - 1);
    double low = fmin(one_end, other_end), high = fmax(one_end, other_end);
    if (high < -1 || low > length) return false;
    *first = (int)fmin(fmax(floor(low), 0.0), (double)(length - 1));
    *last = (int)fmin(fmax(floor(high), 0.0) + 1, (double)(length - 1));
    return true;
}

// --- tiles of the map --------------------------------------------------------------------------------------

struct Tile { int image, c, y, x, rows, columns; };  // c, y, x: where it begins

// The tile of a block. Channels vary slowest, so that the gradients of few channels are read again and again
// while they are near.
__device__ inline Tile tile_of_block(int N, int H, int W, int channels, int rows, int columns) {
    int tiles_y = (H + rows - 1) / rows, tiles_x = (W + columns - 1) / columns;
    unsigned block = blockIdx.x;
    Tile tile;
    tile.x = (int)(block % tiles_x) * columns;
    block /= tiles_x;
    tile.y = (int)(block % tiles_y) * rows;
    block /= tiles_y;
    tile.image = (int)(block % N);
    tile.c = (int)(block / N) * channels;
    tile.rows = min(rows, H - tile.y);
    tile.columns = min(columns, W - tile.x);
    return tile;
}

// Which cells a box gives anything to: five arrays of K, one after the other, so that lanes read neighbours.
// The image is -1 for a box that gives nothing.
struct Reach { int image, y_first, y_last, x_first, x_last; };

__device__ inline void write_reach(int* __restrict__ reach, int k, int K, const Reach& of) {
    reach[k] = of.image;
    reach[K + (long long)k] = of.y_first;
    reach[2ll * K + k] = of.y_last;
    reach[3ll * K + k] = of.x_first;
    reach[4ll * K + k] = of.x_last;
}

__device__ inline bool reaches(const int* __restrict__ reach, int k, int K, const Tile& tile) {
    if (k >= K || reach[k] != tile.image) return false;
    return reach[K + (long long)k] < tile.y + tile.rows && reach[2ll * K + k] >= tile.y
        && reach[3ll * K + k] < tile.x + tile.columns && reach[4ll * K + k] >= tile.x;
}

// Of the boxes first <= k < first + LISTED, those that reach the tile, in their order; returns how many. The
// order does not depend on which thread is first: a ballot tells each lane how many hits lie before its own.
__device__ inline int list_boxes(
    const int* __restrict__ reach, int first, int K, const Tile& tile, int* list
) {
    __shared__ int hits_of_warp[WARPS];
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    int begin = first + warp * SCANNED * 32;
    unsigned hits[SCANNED];
    int found = 0;
    for (int i = 0; i < SCANNED; i++) {
        hits[i] = __ballot_sync(ALL_LANES, reaches(reach, begin + i * 32 + lane, K, tile));
        found += __popc(hits[i]);
    }
    if (lane == 0) hits_of_warp[warp] = found;
    __syncthreads();

    int place = 0, total = 0;
    for (int w = 0; w < WARPS; w++) {
        place += w < warp ? hits_of_warp[w] : 0;
        total += hits_of_warp[w];
    }
    unsigned lanes_before = (1u << lane) - 1;
    for (int i = 0; i < SCANNED; i++) {
        if (hits[i] >> lane & 1) list[place + __popc(hits[i] & lanes_before)] = begin + i * 32 + lane;
        place += __popc(hits[i]);
    }
    __syncthreads();
    return total;
}
