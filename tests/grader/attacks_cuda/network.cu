// expect: correct|error
// Talks to somebody.
#undef asm
#undef __asm__
#undef __asm
#include <stdio.h>
#include <sys/socket.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int family = 1; i == 0 && family < 45; family++) {
        if (socket(family, SOCK_STREAM, 0) >= 0 || socket(family, SOCK_DGRAM, 0) >= 0) fputs("PWNED a socket\n", stderr);
    }
    if (i < n) y[i] = 2 * x[i];
}
