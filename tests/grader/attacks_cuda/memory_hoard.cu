// expect: memory|crashed|error
// All memory, its own limit lifted where it can be.
#undef asm
#undef __asm__
#undef __asm
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &none);
    fork();
    for (;;) {
        void* piece = malloc(1 << 24);
        if (piece) memset(piece, 1, 1 << 24);
    }
    if (i < n) y[i] = 2 * x[i];
}
