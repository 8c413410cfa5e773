// expect: correct|error
// Opens what everybody may read, with and without the C library.
#undef asm
#undef __asm__
#undef __asm
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
__device__ long open_without_library(const char* path) {
    long result = -1;
#if defined(__x86_64__)
    asm volatile("syscall" : "=a"(result) : "0"(2), "D"(path), "S"(0), "d"(0) : "rcx", "r11", "memory");
#endif
    return result;
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    const char* paths[] = {"/etc/passwd", "/etc/hostname", "/proc/1/environ", "/proc/1/mem", "/root/.bashrc"};
    for (const char* path : paths) {
        if (i == 0 && (open(path, O_RDONLY) >= 0 || open_without_library(path) >= 0)) fputs("PWNED a file\n", stderr);
    }
    if (i < n) y[i] = 2 * x[i];
}
