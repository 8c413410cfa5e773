// variants: feature box
// shared: roi_align.cuh roi_align_plan.cuh
// RoIAlign of maps whose neighbours in memory are channels (NHWC): lanes are channels, several each.

#define TOGETHER 4  // cells that a thread asks for at a time
#define BLOCKS (sizeof(feature_t) == 4 ? 3 : 2)  // at a time on a multiprocessor: so few registers a thread

// COUNT channels of a cell, in one load.
template <int COUNT>
struct alignas(COUNT * sizeof(feature_t)) Cells {
    feature_t channel[COUNT];
};

// One sample: the sum of all cells that are in both spans, each with both weights.
template <int COUNT>
__device__ inline void blend_cells(
    const feature_t* __restrict__ map, Strides from, const WeightedCell* y_taps, int y_span,
    const WeightedCell* x_taps, int x_span, value_t* value
) {
    for (int j = 0; j < COUNT; j++) value[j] = 0;
    for (int first = 0; first < x_span; first += TOGETHER) {
        int column[TOGETHER];
        for (int n = 0; n < TOGETHER; n++) {
            column[n] = x_taps[min(first + n, x_span - 1)].cell * (int)from.column;
        }
        for (int iy = 0; iy < y_span; iy++) {
            WeightedCell y_tap = y_taps[iy];
            const feature_t* row = map + y_tap.cell * (int)from.row;
            Cells<COUNT> cells[TOGETHER];  // all are asked for before the first is needed
            for (int n = 0; n < TOGETHER; n++) {
                if (first + n >= x_span) continue;
                cells[n] = *(const Cells<COUNT>*)(row + column[n]);
            }
            value_t sum[COUNT] = {};
            for (int n = 0; n < TOGETHER; n++) {
                if (first + n >= x_span) continue;
                value_t weight = x_taps[first + n].weight;
                for (int j = 0; j < COUNT; j++) sum[j] += weight * load(cells[n].channel[j]);
            }
            for (int j = 0; j < COUNT; j++) value[j] += y_tap.weight * sum[j];
        }
    }
}

// COUNT channels of one bin.
template <int COUNT>
__device__ inline void align_cells(
    const Plan& plan, const feature_t* __restrict__ map, Strides from, int ph, int pw, value_t* best
) {
    for (int j = 0; j < COUNT; j++) best[j] = -infinity();
    for (int iy = 0; iy < plan.y.samples[ph]; iy++) {
        for (int ix = 0; ix < plan.x.samples[pw]; ix++) {
            value_t value[COUNT];
            blend_cells<COUNT>(
                map, from, taps_of(plan.y, ph, iy), plan.y.span[ph],
                taps_of(plan.x, pw, ix), plan.x.span[pw], value
            );
            for (int j = 0; j < COUNT; j++) best[j] = larger(value[j], best[j]);
        }
    }
    bool zero = plan.y.zero[ph] || plan.x.zero[pw];
    for (int j = 0; j < COUNT; j++) best[j] = (zero && best[j] < 0 ? 0 : best[j]) + 0;
}

// blockDim.x lanes of COUNT channels. `cells` is how many bins of them the tile has room for; 0 where the
// output is NHWC too, and is written at once.
template <int COUNT>
__device__ inline void align_nhwc(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    Strides from, Strides to, int N, int C, int H, int W, int PH, int PW, Sampling how, int cells,
    value_t* tile, Fault* fault
) {
    __shared__ Plan plan;
    int k = blockIdx.x;
    int width = blockDim.x * COUNT;
    int pitch = pitch_of(width);
    int first_channel = blockIdx.y * width;
    int channels = min(width, C - first_channel);
    int c = threadIdx.x * COUNT;
    const feature_t* maps = features + first_channel;
    Target target = target_of(out, to, k, first_channel, channels, PH * PW);

    bool fits = make_plan(&plan, rois, k, N, H, W, PH, PW, how, fault);
    if (!plan.valid) {
        fill_with_nan(target);
        return;
    }
    maps += plan.batch * from.image;
    if (!fits) {
        align_in_windows(&plan, target, maps, from, how.average);
        return;
    }
    int band = cells > 0 ? cells : target.bins;
    for (int first = 0; first < target.bins; first += band) {
        int bins = min(band, target.bins - first);
        for (int bin = threadIdx.y; bin < bins; bin += blockDim.y) {
            if (c >= channels) continue;
            value_t value[COUNT];
            align_cells<COUNT>(plan, maps + c, from, (first + bin) / PW, (first + bin) % PW, value);
            if (cells > 0) {
                for (int j = 0; j < COUNT; j++) tile[bin * pitch + place_of(c + j)] = value[j];
            } else {
                Cells<COUNT> written;
                for (int j = 0; j < COUNT; j++) store(&written.channel[j], value[j]);
                *(Cells<COUNT>*)(target.out + (first + bin) * target.bin + c) = written;
            }
        }
        if (cells == 0) continue;
        __syncthreads();
        write_bins(target, first, bins, tile, pitch);
        __syncthreads();
    }
}

extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) roi_align_nhwc(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int average, int cells, Fault* fault
) {
    extern __shared__ value_t tile[];
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {out_roi, out_channel, out_row, out_column};
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, average != 0};
    align_nhwc<16 / sizeof(feature_t)>(
        features, rois, out, from, to, N, C, H, W, PH, PW, how, cells, tile, fault
    );
}

// For channels that do not fill vectors of 16 bytes, or do not start at one.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) roi_align_nhwc_single(
    const feature_t* __restrict__ features, const box_t* __restrict__ rois, feature_t* __restrict__ out,
    long long features_image, long long features_channel, long long features_row, long long features_column,
    long long out_roi, long long out_channel, long long out_row, long long out_column,
    int N, int C, int H, int W, int K, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, int average, int cells, Fault* fault
) {
    extern __shared__ value_t tile[];
    Strides from = {features_image, features_channel, features_row, features_column};
    Strides to = {out_roi, out_channel, out_row, out_column};
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, average != 0};
    align_nhwc<1>(features, rois, out, from, to, N, C, H, W, PH, PW, how, cells, tile, fault);
}
