// Where a mask lies in an image; reads like roikit/cpu/_paste.pxd.

// One axis of a box, and of the mask that is stretched over it.
struct Pasted {
    double start, end;
    int cells, width;  // of the mask: along this axis, and along x
    int padding;
    bool by_pixels;  // torchvision's convention, not detectron2's
};

// The numbers of the masks and of their images.
struct Pasting { int h, w, H, W, padding, by_pixels; };

// Row k of boxes (K, 4): x1, y1, x2, y2. False for a box that cannot be computed.
__device__ inline bool read_pasted(
    const double* __restrict__ boxes, long long k, const Pasting& how, Fault* fault, Pasted* y, Pasted* x
) {
    const double* box = boxes + k * 4;
    for (int i = 0; i < 4; i++) {
        if (!(box[i] - box[i] == 0)) return note_fault(fault, NOT_FINITE, (int)k, box[i], 0);
        if (!(fabs(box[i]) <= FARTHEST_CELL)) return note_fault(fault, OUT_OF_REACH, (int)k, box[i], 1);
    }
    Pasted rows = {box[1], box[3], how.h, how.w, how.padding, how.by_pixels != 0};
    Pasted columns = {box[0], box[2], how.w, how.w, how.padding, how.by_pixels != 0};
    *y = rows;
    *x = columns;
    return true;
}

// Which cells of the padded mask a pixel reads.
__device__ inline Tap paste_tap(const Pasted& axis, int pixel) {
    int padded = axis.cells + 2 * axis.padding;
    double point;
    bool inside;
    if (axis.by_pixels) {
        double growth = (double)(axis.width + 2 * axis.padding) / axis.width;
        double centre = product(axis.end + axis.start, 0.5);
        double half = product(product(axis.end - axis.start, 0.5), growth);
        long long first = (long long)(centre - half), last = (long long)(centre + half);
        point = product(pixel - first + 0.5, (double)padded / (double)max(last - first + 1, 1ll)) - 0.5;
        inside = pixel >= first && pixel <= last;
    } else {
        point = product(pixel + 0.5 - axis.start, axis.cells / (axis.end - axis.start)) + 0.5;
        inside = axis.end > axis.start && point >= 0 && point <= padded - 1;
    }
    Tap tap = axis_tap(point, padded);
    tap.inside = inside;
    return tap;
}
