// expect: error|wrong|crashed
// Defines what the engine defines.
namespace simt {
void close_report() {}
void report_line(const char*, ...) {}
}

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
