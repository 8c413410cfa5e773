// expect: error
// Not the parameters that the launch gives.
extern "C" __global__ void twice(float* y) { y[0] = 1; }
