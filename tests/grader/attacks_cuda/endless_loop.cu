// expect: timeout
// Computes for ever.
extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (volatile int forever = 1; forever;) {
    }
    if (i < n) y[i] = 2 * x[i];
}
