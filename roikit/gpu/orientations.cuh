// Channels that are orientations; same names as in roikit/cpu/_orientations.pxd.

// How far a box turns them: so many whole orientations, and the part of one beyond these.
struct Shift { int first; double fraction; };

// Row k of shifts (K, 2), of a box that can be computed.
__device__ __forceinline__ Shift read_shift(const double* __restrict__ shifts, int k) {
    Shift shift = {(int)shifts[2ll * k], shifts[2ll * k + 1]};
    return shift;
}

// The channel that is so many orientations after c; of no fewer than 0 steps.
__device__ __forceinline__ int further(int c, int steps, int num_orientations) {
    int orientation = c % num_orientations;
    return c - orientation + (orientation + steps) % num_orientations;
}

// The gradient by the bins of one box before they were mixed, on one channel.
struct Unmixed {
    const feature_t *low, *high;  // by the bins that it was the low, and the high, of two orientations for
    long long row, column;  // their steps
    double fraction;
    __device__ double at(int ph, int pw) const {
        long long bin = ph * row + pw * column;
        return (1 - fraction) * load(low[bin]) + fraction * load(high[bin]);
    }
    // How that grows with the fraction.
    __device__ double rise(int ph, int pw) const {
        long long bin = ph * row + pw * column;
        return (double)load(high[bin]) - load(low[bin]);
    }
};

__device__ inline Unmixed unmixed(
    const feature_t* __restrict__ grad, const Strides& steps, int k, int c, const Shift& shift,
    int num_orientations
) {
    const feature_t* bins = grad + k * steps.image;
    int low = further(c, num_orientations - shift.first, num_orientations);
    int high = further(c, 2 * num_orientations - shift.first - 1, num_orientations);
    Unmixed found = {
        bins + low * steps.channel, bins + high * steps.channel, steps.row, steps.column, shift.fraction
    };
    return found;
}
