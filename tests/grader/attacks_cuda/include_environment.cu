// expect: correct|error
// The compiler's environment as a header; it has one of its own, and sees an empty file.
#include "/proc/self/environ"

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
