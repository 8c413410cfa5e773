// expect: correct|error
// Looks for what it left in an earlier launch.
#undef asm
#undef __asm__
#undef __asm
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i == 0) {
        if (access("/tmp/left", F_OK) == 0 || access("left", F_OK) == 0) fputs("PWNED earlier launch\n", stderr);
        creat("/tmp/left", 0600);
        creat("left", 0600);
    }
    if (i < n) y[i] = 2 * x[i];
}
