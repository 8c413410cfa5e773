// += on an output that nobody has set to zero.
// launch: grid 2 block 32 shared 0
// args: x=arange(64,f4) out=empty(64,f4)
// expect: uninitialised line 8
// says: out[0]
extern "C" __global__ void accumulate(const float* x, float* out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] += x[i];
}
