// expect: error
// Puts a file of the machine into the program.
#undef asm
#undef __asm__
#undef __asm
asm(".data\nloot: .incbin \"/etc/passwd\"\n.text");

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
