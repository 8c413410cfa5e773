// expect: error|wrong|crashed
// A main that would run in the place of the engine's.
#undef asm
#undef __asm__
#undef __asm
#include <stdio.h>
int main() {
    puts("correct");
    return 0;
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
