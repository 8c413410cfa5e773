// expect: correct|wrong|error
// Prints the environment.
#undef asm
#undef __asm__
#undef __asm
#include <stdio.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i == 0) {
        for (char** word = environ; *word; word++) fprintf(stderr, "%s\n", *word);
    }
    if (i < n) y[i] = 2 * x[i];
}
