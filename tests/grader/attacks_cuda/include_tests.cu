// expect: error
// Looks for the tests, where a project keeps them.
#include "../grading/test_hidden.py"

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
