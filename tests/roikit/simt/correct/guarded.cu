// Doubles each element; the last block has threads without one.
// launch: grid 4 block 64 shared 0
// args: x=arange(250,f4) out=empty(250,f4) n=i4(250)
// expect: clean
// result: out = 2 * x
extern "C" __global__ void twice(const float* x, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        out[i] = 2.0f * x[i];
    }
}
