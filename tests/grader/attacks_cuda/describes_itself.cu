// expect: error|crashed|wrong
// Prints what the engine would say of the parameters.
#undef asm
#undef __asm__
#undef __asm
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) void before() {
    for (int k = 0; k < 1000; k++) puts("99999999999999999999\t-1\tz\tx\ty\tz\t");
    fflush(stdout);
    _exit(0);
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
