// Shifted bins of deformable RoI pooling; same names, same order of operations as in roikit/cpu/_deform.pxd.

// One axis of a box in cells, and how its bins are sampled.
struct Side {
    Axis axis;
    int bins, count;
};

// One RoI, ready to be sampled, and its offsets along x, (PH, PW); along y they follow.
struct Deformed {
    long long batch;
    Side rows, columns;
    const double* shifts;
};

// Row k of rois and of offset (K, 2, PH, PW); false for a box that cannot be computed.
__device__ inline bool read_deformed(
    const box_t* __restrict__ rois, const double* __restrict__ offset, int k, int N, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, Fault* fault, Deformed* box
) {
    Sampling how = {spatial_scale, ratio_y, ratio_x, true, true};
    Region region;
    if (!read_region(rois, k, N, PH, PW, how, fault, &region)) return false;
    box->batch = region.batch;
    box->rows.axis = region.y;
    box->rows.bins = PH;
    box->rows.count = region.count_y;
    box->columns.axis = region.x;
    box->columns.bins = PW;
    box->columns.count = region.count_x;
    box->shifts = offset + (long long)k * 2 * PH * PW;
    return true;
}

__device__ __forceinline__ double offset_x(const Deformed& box, int ph, int pw) {
    return box.shifts[(long long)ph * box.columns.bins + pw];
}

__device__ __forceinline__ double offset_y(const Deformed& box, int ph, int pw) {
    return box.shifts[((long long)box.rows.bins + ph) * box.columns.bins + pw];
}

// Point i of bin p, all of whose points are shifted by a part of the box's size.
__device__ inline double shifted_point(const Side& along, int p, int i, double gamma, double offset) {
    double shift = product(product(gamma, along.axis.size), offset);
    Axis shifted = {along.axis.start + shift, along.axis.size};
    return sample_point(shifted, along.bins, along.count, p, i);
}
