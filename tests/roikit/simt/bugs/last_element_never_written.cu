// The guard says n - 1 where it means n.
// launch: grid 4 block 64 shared 0
// args: x=arange(250,f4) out=empty(250,f4) n=i4(250)
// expect: unwritten line 9
// says: out[249]
extern "C" __global__ void twice(const float* x, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n - 1) {
        out[i] = 2.0f * x[i];
    }
}
