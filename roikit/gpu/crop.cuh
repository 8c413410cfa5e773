// The grid of crop_and_resize, and how its kernels count; reads like roikit/cpu/_crop.pxd.

// The operation's numbers.
struct Cropping { int bilinear, in_cells; };

// One axis of a box, and its points.
struct Grid {
    double start, end;
    double extent;  // how many cells a coordinate of 1 stands for
    int count;
};

// One RoI, ready to be read.
struct Crop {
    long long batch;
    Grid y, x;
};

__device__ inline Grid crop_grid(double start, double end, int count, int length, int in_cells) {
    Grid grid = {start, end, in_cells ? 1.0 : length - 1.0, count};
    return grid;
}

// Row k of rois; false for a box that cannot be computed.
__device__ inline bool read_crop(
    const box_t* __restrict__ rois, int k, int N, int H, int W, int PH, int PW, int in_cells, Fault* fault,
    Crop* crop
) {
    Roi roi;
    if (!read_roi(rois, k, N, 0, fault, &roi)) return false;  // 0: it may lie anywhere
    crop->batch = roi.batch;
    crop->y = crop_grid(roi.y1, roi.y2, PH, H, in_cells);
    crop->x = crop_grid(roi.x1, roi.x2, PW, W, in_cells);
    return true;
}

// Point p of the grid, in cells: weighted from both ends, or the middle of them.
__device__ inline double crop_point(const Grid& grid, int p) {
    if (grid.count == 1) return product(product(0.5, grid.start + grid.end), grid.extent);
    int steps = grid.count - 1;
    return product(product(steps - p, grid.start) + product(p, grid.end), grid.extent) / steps;
}

// Which cells point p taps; unlike RoIAlign's, a point off the map is never clamped to it.
__device__ inline Tap crop_tap(const Grid& grid, int p, int length) {
    double point = crop_point(grid, p);
    Tap tap = axis_tap(point, length);
    tap.inside = point >= 0 && point <= length - 1;
    return tap;
}

// The nearest cell; of two as near the further one from 0.
__device__ __forceinline__ int nearest(const Tap& tap) { return tap.fraction < 0.5 ? tap.low : tap.high; }
