// expect: output_limit|memory|timeout|crashed
// Fills every disk it can write to.
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
    char name[99], data[1 << 16] = {};
    for (int file = 0;; file++) {
        sprintf(name, "/tmp/%d", file);
        int fd = creat(name, 0600);
        for (int k = 0; k < 4096; k++) {
            if (write(fd, data, sizeof data) < 0) break;
        }
        close(fd);
    }
    if (i < n) y[i] = 2 * x[i];
}
