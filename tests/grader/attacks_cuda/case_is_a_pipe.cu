// expect: crashed|wrong
// Whoever reads the case would wait for ever.
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
#include <sys/stat.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i != 0) return;
    unlink(word(1));
    mkfifo(word(1), 0600);
    _exit(0);
    if (i < n) y[i] = 2 * x[i];
}
