// expect: wrong|crashed
// The plain crash.
extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    *(volatile int*)0 = i;
    if (i < n) y[i] = 2 * x[i];
}
