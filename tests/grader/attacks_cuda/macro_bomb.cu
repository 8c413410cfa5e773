// expect: memory|timeout|error
// A line that becomes a billion.
#define TEN(x) x x x x x x x x x x
#define ALL(x) TEN(TEN(TEN(TEN(TEN(TEN(TEN(TEN(TEN(x)))))))))
__device__ int bomb() { ALL(bomb();) return 0; }

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
