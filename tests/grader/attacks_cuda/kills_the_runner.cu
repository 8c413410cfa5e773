// expect: crashed
// Ends whoever started it, and all others.
#undef asm
#undef __asm__
#undef __asm
#include <signal.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    kill(getppid(), SIGKILL);
    kill(-1, SIGKILL);
    for (;;) pause();
    if (i < n) y[i] = 2 * x[i];
}
