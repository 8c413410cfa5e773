// Rotated boxes; same names, same order of operations as in roikit/cpu/_rotated.pxd.

// A rotated box in cells, and the cosine and sine of its angle, counter-clockwise; y, x: its centre.
struct Frame {
    long long batch;
    double y, x, height, width, cos, sin;
};

// How a box is cut into bins, and these are sampled.
struct Cut { int PH, PW, count_y, count_x; };

// A sample: where it would lie if the box stood upright, from its centre, and where it lies on the map.
struct Point { double yy, xx, y, x; };

// Row k of rois (K, 7): batch index, centre x, centre y, width, height, cosine, sine. False for a box that
// cannot be computed.
__device__ inline bool read_frame(
    const double* __restrict__ rois, int k, int N, double spatial_scale, int aligned, Fault* fault, Frame* box
) {
    const double* row = rois + (long long)k * 7;
    for (int i = 0; i < 7; i++) {
        if (!(row[i] - row[i] == 0)) return note_fault(fault, NOT_FINITE, k, row[i], 0);
        bool near = i == 0 || i > 4 || fabs(product(row[i], spatial_scale)) <= FARTHEST_CELL;
        if (!near) return note_fault(fault, OUT_OF_REACH, k, row[i], spatial_scale);
    }
    double batch = row[0];
    if (batch != floor(batch)) return note_fault(fault, BATCH_NOT_WHOLE, k, batch, N);
    if (!(batch >= 0 && batch < N)) return note_fault(fault, BATCH_UNKNOWN, k, batch, N);
    if (fmin(row[3], row[4]) < 0) return note_fault(fault, NEGATIVE_SIDE, k, fmin(row[3], row[4]), 0);
    double offset = aligned ? 0.5 : 0.0;  // aligned: a cell's value stands at its centre, so cell i is at i + 0.5
    box->batch = (long long)batch;
    box->y = product(row[2], spatial_scale) - offset;
    box->x = product(row[1], spatial_scale) - offset;
    box->height = product(row[4], spatial_scale);
    box->width = product(row[3], spatial_scale);
    if (!aligned) {
        box->height = fmax(box->height, 1.0);
        box->width = fmax(box->width, 1.0);
    }
    box->cos = row[5];
    box->sin = row[6];
    return true;
}

// The same, ready to be sampled.
__device__ inline bool read_rotated(
    const double* __restrict__ rois, int k, int N, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault, Frame* box, Cut* cut
) {
    if (!read_frame(rois, k, N, spatial_scale, aligned, fault, box)) return false;
    Axis rows = {0, box->height}, columns = {0, box->width};
    cut->PH = PH;
    cut->PW = PW;
    return read_count(rows, PH, ratio_y, k, fault, &cut->count_y)
        && read_count(columns, PW, ratio_x, k, fault, &cut->count_x);
}

// Point (iy, ix) of bin (ph, pw), turned about the centre.
__device__ inline Point sample_of(const Frame& box, const Cut& cut, int ph, int pw, int iy, int ix) {
    Axis rows = {-box.height / 2, box.height}, columns = {-box.width / 2, box.width};
    Point point;
    point.yy = sample_point(rows, cut.PH, cut.count_y, ph, iy);
    point.xx = sample_point(columns, cut.PW, cut.count_x, pw, ix);
    point.y = product(point.yy, box.cos) - product(point.xx, box.sin) + box.y;
    point.x = product(point.yy, box.sin) + product(point.xx, box.cos) + box.x;
    return point;
}

// --- boxes far larger than the map -------------------------------------------------------------------------

struct Area { double top, left, bottom, right; };

// What samples may read the map from, and one of its cells; clamped to the map they read up to two cells on.
__device__ __forceinline__ Area area_of_map(int H, int W) {
    Area area = {-1, -1, (double)H, (double)W};
    return area;
}

__device__ __forceinline__ Area area_of_cell(int y, int x) {
    Area area = {y - 2.0, x - 2.0, y + 1.0, x + 1.0};
    return area;
}

// Whether a long row of samples lies beyond one border of an area: from its first to its last both coordinates
// only grow or only fall. A box far larger than the map has millions of such samples.
__device__ inline bool row_is_beyond(
    const Area& area, const Frame& box, const Cut& cut, int ph, int pw, int iy
) {
    if (cut.count_x < 32) return false;
    Point first = sample_of(box, cut, ph, pw, iy, 0), last = sample_of(box, cut, ph, pw, iy, cut.count_x - 1);
    return fmax(first.y, last.y) < area.top || fmin(first.y, last.y) > area.bottom
        || fmax(first.x, last.x) < area.left || fmin(first.x, last.x) > area.right;
}
