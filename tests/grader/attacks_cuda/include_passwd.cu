// expect: error
// Reads a file of the machine through the compiler's own messages.
#include "/etc/passwd"

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
