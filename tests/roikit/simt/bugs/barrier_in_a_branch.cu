// Both halves of the block call a __syncthreads(), but not the same one.
// launch: grid 1 block 64 shared 0
// args: x=arange(64,f4) out=empty(64,f4)
// expect: divergent-barrier line 13 with 10
extern "C" __global__ void rotate(const float* x, float* out) {
    __shared__ float tile[64];
    int t = threadIdx.x;
    if (t < 32) {
        tile[t] = x[t];
        __syncthreads();
    } else {
        tile[t] = 2.0f * x[t];
        __syncthreads();
    }
    out[t] = tile[63 - t];
}
