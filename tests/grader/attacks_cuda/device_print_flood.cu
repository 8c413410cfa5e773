// expect: timeout|correct|output_limit|wrong
// Prints for ever, with the language's own printf.
extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (;;) printf("%d\n", i);
    if (i < n) y[i] = 2 * x[i];
}
