// expect: wrong
// Writes to an input, so that a reference would follow.
extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) ((float*)x)[i] = 0;
    if (i < n) y[i] = 2 * x[i];
}
