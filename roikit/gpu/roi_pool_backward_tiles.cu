// variants: feature box index
// shared: backward.cuh
// The gradient of RoI max pooling by the map, gathered by tiles of the map: no atomics on sums, the same bits
// in every run, every element of the output written once.
//
//     a block    a tile of one image, 8 channels; its sums lie in shared memory
//     a warp     one channel; a lane one bin
//
// Bins come box after box, in the order of the definition, 32 at a time. Those of the 32 that gave their cell
// the maximum together are added by the first of them, in order; all others have a cell of their own.

#define TILE_ROWS (sizeof(value_t) == 8 ? 8 : 32)
#define TILE_COLUMNS 32
#define TILE_CELLS (TILE_ROWS * TILE_COLUMNS)
#define TILE_CHANNELS WARPS
#define STAGED 128  // bins of each channel that are copied to shared memory at a time

struct Staged {
    int cell[TILE_CHANNELS][STAGED];  // counted in the tile; -1 for one that is not there
    value_t gradient[TILE_CHANNELS][STAGED];
};

// --- reach -------------------------------------------------------------------------------------------------

// A block for each box: the first and the last row and column that the argmax of all its bins names.
extern "C" __global__ void __launch_bounds__(256, 2) roi_pool_backward_reach(
    const box_t* __restrict__ rois, const index_t* __restrict__ argmax, int* __restrict__ reach,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    int N, int C, int H, int W, int K, int PH, int PW, Fault* fault
) {
    __shared__ Reach of_block;
    Strides steps = {argmax_image, argmax_channel, argmax_row, argmax_column};
    int k = (int)blockIdx.x;
    if (threadIdx.x == 0) {
        Reach nothing = {image_of_box(rois, k, N, fault), H, -1, W, -1};
        of_block = nothing;
    }
    __syncthreads();
    Reach mine = {0, H, -1, W, -1};
    long long bins = (long long)C * PH * PW;
    for (long long i = threadIdx.x; i < bins; i += 256) {
        Element bin = element_at(i, C, PH, PW, steps);
        bin.n = k;
        long long cell = argmax[offset(bin, steps)];
        if (cell < 0 || cell >= (long long)H * W) continue;
        int y = (int)cell / W, x = (int)cell % W;
        mine.y_first = min(mine.y_first, y);
        mine.y_last = max(mine.y_last, y);
        mine.x_first = min(mine.x_first, x);
        mine.x_last = max(mine.x_last, x);
    }
    atomicMin(&of_block.y_first, mine.y_first);
    atomicMax(&of_block.y_last, mine.y_last);
    atomicMin(&of_block.x_first, mine.x_first);
    atomicMax(&of_block.x_last, mine.x_last);
    __syncthreads();
    if (threadIdx.x == 0) write_reach(reach, k, K, of_block);
}

// --- the tile ----------------------------------------------------------------------------------------------

// A cell of the map, y * W + x, counted in the tile; -1 where it is not there.
__device__ inline int cell_in_tile(long long cell, int H, int W, const Tile& tile) {
    if (cell < 0 || cell >= (long long)H * W) return -1;
    int y = (int)cell / W - tile.y, x = (int)cell % W - tile.x;
    bool is_there = y >= 0 && y < tile.rows && x >= 0 && x < tile.columns;
    return is_there ? y * TILE_COLUMNS + x : -1;
}

// Add up to 32 bins of one channel, one a lane, to the sums of the tile.
__device__ inline void add_bins(value_t* sums, const int* cells, const value_t* gradients, int count) {
    int lane = threadIdx.x % 32;
    int cell = lane < count ? cells[lane] : -1;
    unsigned here = __ballot_sync(ALL_LANES, cell >= 0);
    if (cell >= 0) {
        unsigned same = __match_any_sync(here, cell);
        if (lane == __ffs(same) - 1) {
            value_t sum = sums[cell];
            for (; same; same &= same - 1) sum += gradients[__ffs(same) - 1];
            sums[cell] = sum;
        }
    }
    __syncwarp();
}

// out[n, c, y, x] = sum of grad[k, c, ph, pw] over the bins that found their maximum at y * W + x.
extern "C" __global__ void __launch_bounds__(256, 2) roi_pool_backward_tiles(
    const feature_t* __restrict__ grad, const index_t* __restrict__ argmax, const int* __restrict__ reach,
    feature_t* __restrict__ out,
    long long grad_image, long long grad_channel, long long grad_row, long long grad_column,
    long long argmax_image, long long argmax_channel, long long argmax_row, long long argmax_column,
    long long out_image, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW
) {
    extern __shared__ value_t sums[];  // [TILE_CHANNELS][TILE_CELLS], then Staged
    __shared__ int list[LISTED];
    Strides grad_steps = {grad_image, grad_channel, grad_row, grad_column};
    Strides argmax_steps = {argmax_image, argmax_channel, argmax_row, argmax_column};
    Strides out_steps = {out_image, out_channel, out_row, out_column};
    Tile tile = tile_of_block(N, H, W, TILE_CHANNELS, TILE_ROWS, TILE_COLUMNS);
    Staged* staged = reinterpret_cast<Staged*>(sums + TILE_CHANNELS * TILE_CELLS);
    int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    int channels = min(TILE_CHANNELS, C - tile.c), bins = PH * PW;
    for (int i = threadIdx.x; i < TILE_CHANNELS * TILE_CELLS; i += 256) sums[i] = 0;

    // thread -> (channel, bin): neighbouring threads read neighbouring memory
    bool channels_last = argmax_steps.channel == 1;
    int c = channels_last ? threadIdx.x % TILE_CHANNELS : warp;
    int first_bin = channels_last ? threadIdx.x / TILE_CHANNELS : lane;

    for (int first = 0; first < K; first += LISTED) {
        int listed = list_boxes(reach, first, K, tile, list);
        int all = listed * bins;  // the launcher sees to it that this is an int
        for (int begin = 0; begin < all; begin += STAGED) {
            int count = min(STAGED, all - begin);
            #pragma unroll
            for (int j = 0; j < STAGED; j += 32) {
                int i = j + first_bin;
                if (i >= count || c >= channels) continue;
                int k = list[(begin + i) / bins], p = (begin + i) % bins;
                Element bin = {k, tile.c + c, p / PW, p % PW};
                int cell = cell_in_tile(argmax[offset(bin, argmax_steps)], H, W, tile);
                staged->cell[c][i] = cell;
                if (cell >= 0) staged->gradient[c][i] = load(grad[offset(bin, grad_steps)]);
            }
            __syncthreads();
            if (warp < channels) {
                for (int i = 0; i < count; i += 32) {
                    const int* cells = staged->cell[warp] + i;
                    add_bins(sums + warp * TILE_CELLS, cells, staged->gradient[warp] + i, count - i);
                }
            }
            __syncthreads();
        }
    }
    __syncthreads();

    // thread -> (channel, cell) likewise
    channels_last = out_steps.channel == 1;
    c = channels_last ? threadIdx.x % TILE_CHANNELS : warp;
    if (c >= channels) return;
    for (int cell = channels_last ? threadIdx.x / TILE_CHANNELS : lane; cell < TILE_CELLS; cell += 32) {
        int y = cell / TILE_COLUMNS, x = cell % TILE_COLUMNS;
        if (y >= tile.rows || x >= tile.columns) continue;
        Element at = {tile.image, tile.c + c, tile.y + y, tile.x + x};
        store(out + offset(at, out_steps), sums[c * TILE_CELLS + cell]);
    }
}
