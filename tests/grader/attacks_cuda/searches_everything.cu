// expect: correct|error
// Reads the files of everybody's folders, for the canary of the tests.
#undef asm
#undef __asm__
#undef __asm
#include <glob.h>
#include <stdio.h>
#include <string.h>

__device__ void read_all(const char* pattern) {
    glob_t found;
    if (glob(pattern, 0, nullptr, &found) != 0) return;
    for (size_t k = 0; k < found.gl_pathc; k++) {
        char text[4097] = {};
        FILE* file = fopen(found.gl_pathv[k], "r");
        if (file == nullptr) continue;
        if (fread(text, 1, 4096, file) > 0 && strstr(text, "roikit-canary")) {
            fprintf(stderr, "PWNED %s: %s\n", found.gl_pathv[k], text);
        }
        fclose(file);
    }
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    const char* places[] = {"/tmp/roikit*/*", "/var/tmp/*/*", "/home/*/*", "/root/*", "/srv/*/*", "/etc/*", "../*/*"};
    for (const char* place : places) {
        if (i == 0) read_all(place);
    }
    if (i < n) y[i] = 2 * x[i];
}
