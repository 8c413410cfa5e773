// expect: correct|error
// Root, another namespace, another process's limits, an eye on another process.
#undef asm
#undef __asm__
#undef __asm
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <unistd.h>

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i == 0 && (setuid(0) == 0 || unshare(CLONE_NEWUSER) == 0 || ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 ||
                   mount("none", "/tmp", "tmpfs", 0, "") == 0)) {
        fputs("PWNED rights\n", stderr);
    }
    if (i < n) y[i] = 2 * x[i];
}
