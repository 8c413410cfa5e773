// The sides of a box and the points on them; same names, same order of operations as in roikit/cpu/_border.pxd.

#define SIDES 4  // top, left, bottom, right

// From which corner to which a side is walked, as columns of a box x1, y1, x2, y2.
struct Corners { int from_x, from_y, to_x, to_y; };

// The same two corners, in cells, and the image; and how many steps the side is walked in.
struct Side {
    int batch;
    double from_x, from_y, to_x, to_y;
    int steps;
};

// Top and left go from (x1, y1), bottom and right from (x2, y2).
__device__ inline Corners corners_of(int side) {
    Corners top = {0, 1, 2, 1}, left = {0, 1, 0, 3}, bottom = {2, 3, 0, 3}, right = {2, 3, 2, 1};
    return side == 0 ? top : side == 1 ? left : side == 2 ? bottom : right;
}

// One side of row k of rois; false for a box that cannot be computed.
__device__ inline bool read_side(
    const box_t* __restrict__ rois, int k, int N, int side, double spatial_scale, int pool_size, Fault* fault,
    Side* found
) {
    Roi roi;
    if (!read_roi(rois, k, N, spatial_scale, fault, &roi)) return false;
    double x1 = product(roi.x1, spatial_scale), y1 = product(roi.y1, spatial_scale);
    double x2 = product(roi.x2, spatial_scale), y2 = product(roi.y2, spatial_scale);
    Corners at = corners_of(side);
    found->batch = (int)roi.batch;
    found->from_x = at.from_x == 0 ? x1 : x2;
    found->from_y = at.from_y == 1 ? y1 : y2;
    found->to_x = at.to_x == 0 ? x1 : x2;
    found->to_y = at.to_y == 1 ? y1 : y2;
    found->steps = pool_size;
    return true;
}

// Point i on the way from the start to the end, both of them exactly.
__device__ inline double walk(double start, double end, int i, int steps) {
    return i == steps ? end : start + product(i, (end - start) / steps);
}

__device__ inline double y_at(const Side& side, int i) { return walk(side.from_y, side.to_y, i, side.steps); }
__device__ inline double x_at(const Side& side, int i) { return walk(side.from_x, side.to_x, i, side.steps); }
