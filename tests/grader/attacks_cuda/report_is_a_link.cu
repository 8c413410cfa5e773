// expect: crashed|wrong
// Puts a link in the place of the report and of the case.
#undef asm
#undef __asm__
#undef __asm
#include <stdio.h>
#include <string.h>
#include <unistd.h>
// The words with which this program was started: itself, the case, the report.
__device__ const char* word(int k) {
    static char text[4096];
    FILE* file = fopen("/proc/self/cmdline", "r");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    const char* found = text;
    while (k-- > 0 && found < text + size) found += strlen(found) + 1;
    return found;
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i != 0) return;
    unlink(word(1));
    symlink("/proc/self/status", word(1));
    unlink(word(2));
    symlink("/proc/self/status", word(2));
    _exit(0);
    if (i < n) y[i] = 2 * x[i];
}
