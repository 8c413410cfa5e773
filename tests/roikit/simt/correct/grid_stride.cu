// Fewer threads than elements: each takes one, then the one a grid further on.
// launch: grid 3 block 32 shared 0
// args: x=random(1000,f4) y=random(1000,f4) n=i4(1000) a=f4(2.5)
// expect: clean
// result: y = np.float32(2.5) * x + y
extern "C" __global__ void saxpy(const float* x, float* y, int n, float a) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        y[i] = a * x[i] + y[i];
    }
}
