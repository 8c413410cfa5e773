// expect: error
// Nothing of the asked name.
__device__ int nothing;
