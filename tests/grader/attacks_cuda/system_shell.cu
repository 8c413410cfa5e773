// expect: correct|error
// Starts a shell.
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
    if (i == 0 && system("exit 42") == 42 << 8) fputs("PWNED a shell\n", stderr);
    if (i < n) y[i] = 2 * x[i];
}
