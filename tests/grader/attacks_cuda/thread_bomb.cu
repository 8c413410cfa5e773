// expect: timeout|memory|crashed|correct|error
// Ever more threads, by the kernel's own call.
#undef asm
#undef __asm__
#undef __asm
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
__device__ int wait_for_ever(void*) {
    for (;;) pause();
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (;;) {
        char* stack = (char*)malloc(1 << 16) + (1 << 16);
        if (clone(wait_for_ever, stack, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, nullptr) < 0) break;
    }
    if (i < n) y[i] = 2 * x[i];
}
