// Bins of precise pooling, cut at the cells; same names, same order of operations as in roikit/cpu/_precise.pxd.

// One axis of a bin, in cells; it reaches the cells first <= i < end of the map.
struct Bin {
    double start, size;
    int first, end;
};

// What of a bin lies from cell i to cell i + 1.
struct Piece { double size, share, middle, before; };

// How a cell's weight changes with the start and with the end of the box.
struct Moves { double by_start, by_end; };

// Both axes of one RoI, in cells.
struct Box {
    int batch;
    Axis y, x;
};

// Start and size, in cells, of one axis of a box; a reversed box is empty.
__device__ inline Axis precise_axis(double start, double end, double spatial_scale) {
    Axis axis;
    axis.start = product(start, spatial_scale);
    axis.size = fmax(product(end, spatial_scale) - axis.start, 0.0);
    return axis;
}

// Row k of rois; false for a box that cannot be computed.
__device__ inline bool read_box(
    const box_t* __restrict__ rois, int k, int N, double spatial_scale, Fault* fault, Box* box
) {
    Roi roi;
    if (!read_roi(rois, k, N, spatial_scale, fault, &roi)) return false;
    box->batch = (int)roi.batch;
    box->y = precise_axis(roi.y1, roi.y2, spatial_scale);
    box->x = precise_axis(roi.x1, roi.x2, spatial_scale);
    return true;
}

// The piece from cell i to cell i + 1; exact also of a tiny bin, and of one far larger than the map.
__device__ inline Piece piece_at(const Bin& along, double i) {
    Piece piece;
    piece.before = fmin(fmax(i - along.start, 0.0), along.size);  // what of the bin lies before cell i
    piece.size = fmax(fmin(fmin(i + 1 - along.start, 1.0), along.size - piece.before), 0.0);
    piece.share = piece.size / along.size;
    piece.middle = fmax(along.start - i, 0.0) + piece.size / 2;
    return piece;
}

// Bin p, and the cells at either end of its pieces.
__device__ inline Bin precise_bin(const Axis& axis, int p, int bins, int length) {
    Bin along;
    along.size = axis.size / bins;
    along.start = axis.start + product(p, along.size);
    double first = floor(along.start), last = floor(along.start + along.size);
    if (!(piece_at(along, last).size > 0)) last -= 1;  // the bin ends on the cell itself
    along.first = (int)fmin(fmax(first, 0.0), (double)length);
    along.end = along.size > 0 ? (int)fmin(fmax(last + 2, 0.0), (double)length) : along.first;
    return along;
}

__device__ __forceinline__ bool reaches(const Bin& along, int i) { return i >= along.first && i < along.end; }

// What cell i weighs: something of the piece behind it, and of the one before it.
__device__ inline double weight_of(const Bin& along, double i) {
    Piece behind = piece_at(along, i), ahead = piece_at(along, i - 1);
    return behind.share * (1 - behind.middle) + ahead.share * ahead.middle;
}

// Where a piece's middle is in the box: 0 at its start, 1 at its end.
__device__ inline double part_of_box(const Bin& along, const Piece& piece, int p, int bins) {
    return (p + (piece.before + piece.size / 2) / along.size) / bins;
}

// The derivatives of the weight of cell i by the start and by the end of the box, whose bin p this is.
__device__ inline Moves moves_of(const Bin& along, double i, int p, int bins) {
    Piece behind = piece_at(along, i), ahead = piece_at(along, i - 1);
    double t = part_of_box(along, behind, p, bins), s = part_of_box(along, ahead, p, bins);
    Moves found = {ahead.share * (1 - s) - behind.share * (1 - t), ahead.share * s - behind.share * t};
    return found;
}
