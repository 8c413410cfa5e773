// expect: output_limit|memory
// Ever more empty files.
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
    char name[99];
    for (int file = 0;; file++) {
        sprintf(name, "/tmp/f%d", file);
        int fd = creat(name, 0600);
        if (fd < 0) for (;;) pause();
        close(fd);
    }
    if (i < n) y[i] = 2 * x[i];
}
