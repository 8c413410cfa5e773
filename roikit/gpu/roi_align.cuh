// What the kernels of RoIAlign share.

// The operation's numbers; ratio <= 0 is adaptive.
struct Sampling {
    double spatial_scale;
    int ratio_y, ratio_x;
    bool aligned, average;
};

// One RoI, ready to be sampled.
struct Region {
    long long batch;
    Axis y, x;
    int count_y, count_x;  // sample points a side of a bin
};

__device__ inline bool read_count(Axis axis, int bins, int ratio, int k, Fault* fault, int* count) {
    *count = sample_count(axis.size, bins, ratio);
    return *count <= MOST_SAMPLES || note_fault(fault, TOO_MANY_SAMPLES, k, axis.size, MOST_SAMPLES);
}

// Row k of rois; false for a box that cannot be computed.
__device__ inline bool read_region(
    const box_t* __restrict__ rois, int k, int N, int PH, int PW, Sampling how, Fault* fault, Region* region
) {
    Roi roi;
    if (!read_roi(rois, k, N, how.spatial_scale, fault, &roi)) return false;
    region->batch = roi.batch;
    region->y = scale_axis(roi.y1, roi.y2, how.spatial_scale, how.aligned);
    region->x = scale_axis(roi.x1, roi.x2, how.spatial_scale, how.aligned);
    return read_count(region->y, PH, how.ratio_y, k, fault, &region->count_y)
        && read_count(region->x, PW, how.ratio_x, k, fault, &region->count_x);
}

// The same for a gradient; false also for a box without samples, which gives nothing.
__device__ inline bool read_giving_region(
    const box_t* __restrict__ rois, int k, int N, int PH, int PW,
    double spatial_scale, int ratio_y, int ratio_x, int aligned, Fault* fault, Region* region
) {
    Sampling how = {spatial_scale, ratio_y, ratio_x, aligned != 0, true};
    return read_region(rois, k, N, PH, PW, how, fault, region) && region->count_y > 0 && region->count_x > 0;
}
