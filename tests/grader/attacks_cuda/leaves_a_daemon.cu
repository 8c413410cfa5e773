// expect: correct|error
// A process of its own that stays.
#undef asm
#undef __asm__
#undef __asm
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i == 0 && fork() == 0) {
        setsid();
        if (fork() == 0) {
            for (;;) pause();
        }
        _exit(0);
    }
    if (i < n) y[i] = 2 * x[i];
}
