// variants: feature box
// shared: roi_align.cuh roi_align_plan.cuh
// RoIAlign of maps whose neighbours in memory are columns (NCHW): lanes are columns, then channels.
//
// First the map is read, line by line by lanes that are columns, which touches few lines of memory, and is
// summed up along y. What comes of it, the tile, has channels as neighbours: along x each bin is summed up by
// lanes that are channels, with the same taps. One more column than channels: no bank conflicts either way.

#define PITCH (LANES + 1)
#define TOGETHER 4  // channels of one thread, and cells it asks for at a time
#define BLOCKS (sizeof(value_t) == 4 ? 3 : 2)  // at a time on a multiprocessor: so few registers a thread

// Along y: tile[line * columns + column][channel] for each sample of the bins `ph` .. `ph + rows`.
__device__ inline void blend_rows(
    const Plan& plan, const feature_t* __restrict__ maps, Strides from, int channels, int ph, int rows,
    value_t* tile
) {
    const int fours = LANES / TOGETHER;
    int lines = plan.lines;
    int columns = plan.columns;
    int width = columns <= 8 ? 8 : columns <= 16 ? 16 : LANES;
    int row_stride = (int)from.row;
    maps += plan.first_column;
    for (int i = threadIdx.x / width; i < fours * rows * lines; i += THREADS / width) {
        int c = i % fours * TOGETHER;
        int line = i / fours;
        int p = ph + line / lines;
        int sample = line % lines;
        const WeightedCell* taps = taps_of(plan.y, p, sample);
        int span = sample < plan.y.samples[p] ? plan.y.span[p] : 0;  // a sample outside the map is 0
        const feature_t* map[TOGETHER];
        for (int j = 0; j < TOGETHER; j++) {
            map[j] = maps + min(c + j, channels - 1) * from.channel;
        }
        for (int column = threadIdx.x % width; column < columns; column += width) {
            value_t sum[TOGETHER] = {};
            for (int first = 0; first < span; first += TOGETHER) {
                feature_t cells[TOGETHER][TOGETHER];  // all are asked for before the first is needed
                for (int n = 0; n < TOGETHER; n++) {
                    if (first + n >= span) continue;
                    int place = taps[first + n].cell * row_stride + column;
                    for (int j = 0; j < TOGETHER; j++) cells[n][j] = map[j][place];
                }
                for (int n = 0; n < TOGETHER; n++) {
                    if (first + n >= span) continue;
                    value_t weight = taps[first + n].weight;
                    for (int j = 0; j < TOGETHER; j++) sum[j] += weight * load(cells[n][j]);
                }
            }
            value_t* place = tile + (line * columns + column) * PITCH + c;
            for (int j = 0; j < TOGETHER; j++) place[j] = sum[j];
        }
    }
}

// Along x: values[bin][channel] of the same bins. A warp takes a column of bins, some rows at a time, which
// share their taps.
__device__ inline void blend_columns(
    const Plan& plan, const value_t* tile, int PW, int rows, value_t* values
) {
    int lines = plan.lines;
    int columns = plan.columns;
    int first_column = plan.first_column;
    int lane = threadIdx.x % LANES;
    for (int pw = threadIdx.x / LANES; pw < PW; pw += WARPS) {
        int span = plan.x.span[pw];
        int samples = plan.x.samples[pw];
        const WeightedCell* taps = taps_of(plan.x, pw, 0);
        bool zero = plan.x.zero[pw] || lines == 0;
        for (int row = 0; row < rows; row += TOGETHER) {
            value_t best[TOGETHER];
            for (int j = 0; j < TOGETHER; j++) best[j] = -infinity();
            for (int iy = 0; iy < lines; iy++) {
                int start[TOGETHER];
                for (int j = 0; j < TOGETHER; j++) {
                    int line = min(row + j, rows - 1) * lines + iy;
                    start[j] = (line * columns - first_column) * PITCH + lane;
                }
                for (int ix = 0; ix < samples; ix++) {
                    value_t sum[TOGETHER] = {};
                    for (int i = 0; i < span; i++) {
                        WeightedCell tap = taps[ix * span + i];
                        for (int j = 0; j < TOGETHER; j++) {
                            sum[j] += tap.weight * tile[start[j] + tap.cell * PITCH];
                        }
                    }
                    for (int j = 0; j < TOGETHER; j++) best[j] = larger(sum[j], best[j]);
                }
            }
            for (int j = 0; j < min(TOGETHER, rows - row); j++) {
                values[((row + j) * PW + pw) * PITCH + lane] = (zero && best[j] < 0 ? 0 : best[j]) + 0;
            }
        }
    }
}

// `cells` is how many cells of all the block's channels the tile has room for; bins take room as cells do.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) roi_align_nchw(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int average, int cells, Fault* fault
) {
    __shared__ Plan plan;
    extern __shared__ value_t tile[];
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {out_roi, out_channel, out_row, out_column};
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, average != 0};
    int k = blockIdx.x;
    int first_channel = blockIdx.y * LANES;
    int channels = min(LANES, C - first_channel);
    const feature_t* maps = features + first_channel * from.channel;
    Target target = target_of(out, to, k, first_channel, channels, PH * PW);

    bool fits = make_plan(&plan, rois, k, N, H, W, PH, PW, how, fault);
    if (!plan.valid) {
        fill_with_nan(target);
        return;
    }
    maps += plan.batch * from.image;
    long long cells_a_row = (long long)plan.lines * plan.columns + PW;  // of bins
    int band = fits ? min((int)(cells / cells_a_row), PH) : 0;
    if (band == 0) {
        align_in_windows(&plan, target, maps, from, how.average);
        return;
    }
    for (int ph = 0; ph < PH; ph += band) {
        int rows = min(band, PH - ph);
        value_t* values = tile + rows * plan.lines * plan.columns * PITCH;
        blend_rows(plan, maps, from, channels, ph, rows, tile);
        __syncthreads();
        blend_columns(plan, tile, PW, rows, values);
        __syncthreads();
        write_bins(target, ph * PW, rows * PW, values, PITCH);
        __syncthreads();
    }
}
