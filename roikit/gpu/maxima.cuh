// What the kernels of maxima of samples share: what a sample is, which is the largest, and what of it gives.
// After roi_align.cuh and samples.cuh.

enum Mode { MAX, AVERAGE, MAX_CORNERS };  // the last: of the samples' weighted neighbours, one by one

// The largest of the four weighted neighbours that `blend` adds up.
__device__ inline value_t largest_part(
    value_t top_left, value_t top_right, value_t bottom_left, value_t bottom_right, value_t frac_y, value_t frac_x
) {
    value_t best = (1 - frac_y) * (1 - frac_x) * top_left;
    best = larger((1 - frac_y) * frac_x * top_right, best);
    best = larger(frac_y * (1 - frac_x) * bottom_left, best);
    return larger(frac_y * frac_x * bottom_right, best);
}

// --- which is the largest, in double and to the definition's bits, whatever the map holds ---------------------

// Whether it takes the place of one before it: the first of equals stays, and the first NaN.
__device__ __forceinline__ bool is_larger(double value, double best) {
    return value > best || (value != value && best == best);
}

// One neighbour of a sample: its weight is part_y * part_x, and these rise by 1, or -1, a cell.
struct Corner {
    int y, x;
    double part_y, part_x, rise_y, rise_x;
};

// Neighbour 0 .. 3, from top left to bottom right.
__device__ inline Corner corner_of(const Tap& row, const Tap& column, int which) {
    bool below = which / 2, right = which % 2;
    Corner corner;
    corner.y = below ? row.high : row.low;
    corner.x = right ? column.high : column.low;
    corner.part_y = below ? row.fraction : 1 - row.fraction;
    corner.part_x = right ? column.fraction : 1 - column.fraction;
    corner.rise_y = below ? 1 : -1;
    corner.rise_x = right ? 1 : -1;
    return corner;
}

__device__ inline double weighted(
    const feature_t* __restrict__ plane, const Strides& steps, const Tap& row, const Tap& column, int which
) {
    Corner at = corner_of(row, column, which);
    double value = load(plane[at.y * steps.row + at.x * steps.column]);
    return product(product(at.part_y, at.part_x), value);
}

struct Largest {
    bool inside;  // else it lies off the map, or there is none
    int iy, ix, corner;
};

// The largest sample of bin (ph, pw) on one plane, and in the mode MAX_CORNERS its largest neighbour.
__device__ inline Largest largest_sample(
    const feature_t* __restrict__ plane, const Strides& steps, int H, int W, const Region& box, int PH, int PW,
    int ph, int pw, int mode, double empty_value
) {
    Largest found = {false, 0, 0, 0};
    double best = 0;
    bool first = true;
    for (int iy = 0; iy < box.count_y; iy++) {
        Tap row = exact_tap(sample_point(box.y, PH, box.count_y, ph, iy), H);
        if (!row.inside) {  // all its samples are alike
            if (!first && !is_larger(empty_value, best)) continue;
            best = empty_value;
            first = found.inside = false;
            continue;
        }
        for (int ix = 0; ix < box.count_x; ix++) {
            Tap column = exact_tap(sample_point(box.x, PW, box.count_x, pw, ix), W);
            Largest here = {column.inside, iy, ix, 0};
            double value = empty_value;
            if (here.inside && mode != MAX_CORNERS) value = read_exactly(plane, steps, row, column);
            if (here.inside && mode == MAX_CORNERS) {
                value = weighted(plane, steps, row, column, 0);
                for (int which = 1; which < 4; which++) {
                    double part = weighted(plane, steps, row, column, which);
                    if (!is_larger(part, value)) continue;
                    value = part;
                    here.corner = which;
                }
            }
            if (!first && !is_larger(value, best)) continue;
            first = false;
            best = value;
            found = here;
        }
    }
    return found;
}
