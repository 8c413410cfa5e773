// The gradient of one box, which the threads of a block add up together: in double, and in one order, so that
// it has the same bits in every run.

#define BOX_THREADS 256  // of the block

// What all threads have found, added up in pairs by `add`; for thread 0.
template <class Sum>
__device__ inline Sum add_up(const Sum& mine) {
    __shared__ Sum sums[BOX_THREADS];
    int thread = threadIdx.x;
    sums[thread] = mine;
    for (int half = BOX_THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (thread < half) add(&sums[thread], sums[thread + half]);
    }
    return sums[thread];
}

struct Gradient { double by_x1, by_y1, by_x2, by_y2; };

__device__ __forceinline__ void add(Gradient* sum, const Gradient& other) {
    sum->by_x1 += other.by_x1;
    sum->by_y1 += other.by_y1;
    sum->by_x2 += other.by_x2;
    sum->by_y2 += other.by_y2;
}

// out[k] = what all threads have found in cells, per image pixel; NaN of a box that cannot be computed.
__device__ inline void write_sum(
    const Gradient& mine, bool known, double spatial_scale, double* __restrict__ out, int k
) {
    Gradient sum = add_up(mine);
    if (threadIdx.x > 0) return;
    double factor = known ? spatial_scale : (double)nan_value();
    double* row = out + (long long)k * 4;
    row[0] = sum.by_x1 * factor;
    row[1] = sum.by_y1 * factor;
    row[2] = sum.by_x2 * factor;
    row[3] = sum.by_y2 * factor;
}
