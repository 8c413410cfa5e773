// expect: wrong|crashed
// Ends the process as if all were done.
#undef asm
#undef __asm__
#undef __asm
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    _exit(0);
    if (i < n) y[i] = 2 * x[i];
}
