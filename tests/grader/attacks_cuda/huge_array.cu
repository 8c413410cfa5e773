// expect: error|output_limit|memory|timeout
// A program of four gigabytes.
__device__ char huge[1ull << 32] = {1};

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
