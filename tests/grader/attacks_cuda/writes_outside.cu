// expect: correct|error
// Leaves files where others would find them.
#undef asm
#undef __asm__
#undef __asm
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    const char* paths[] = {"/usr/lib/pwned", "/dev/shm/pwned", "/var/tmp/pwned", "/pwned", "/etc/pwned"};
    for (const char* path : paths) {
        if (i == 0 && creat(path, 0600) >= 0) fputs("PWNED a file written\n", stderr);
    }
    if (i < n) y[i] = 2 * x[i];
}
