// expect: wrong|crashed|error
// A place in the code that addr2line would take for an option.
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
    FILE* report = fopen(word(2), "w");
    fputs("{\"kind\": \"uninitialised\", \"pc\": \"--help\", \"array\": \"x\", \"index\": 1, \"access\": \"read\"}\n{\"kind\": \"end\", \"seconds\": 0.1, \"threads\": 64, \"switches\": 0}\n", report);
    fclose(report);
    _exit(0);
    if (i < n) y[i] = 2 * x[i];
}
