// expect: output_limit
// Prints for ever.
#undef asm
#undef __asm__
#undef __asm
#include <string.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (;;) write(1, "ALL TESTS PASSED ALL TESTS PASSED ALL TESTS PASSED ALL TESTS PASSED ALL TESTS PASSED\n", 86);
    if (i < n) y[i] = 2 * x[i];
}
