// expect: error|output_limit|memory|timeout
// An object file of a terabyte.
#undef asm
#undef __asm__
#undef __asm
asm(".data\n.fill 0x10000000000, 1, 7\n.text");

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
