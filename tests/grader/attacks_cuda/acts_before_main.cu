// expect: wrong|crashed|error
// Code that runs before the engine.
#undef asm
#undef __asm__
#undef __asm
#include <unistd.h>
__attribute__((constructor)) void before() { _exit(0); }

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
