// expect: error
// An error message that clears the screen and says that all passed.
#error "[2J[H ALL TESTS PASSED ‮"

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
