// The tree starts with a stride of the whole block, not of half of it: it adds cells behind the tile.
// launch: grid 1 block 64 shared 0
// args: x=arange(64,f4) out=empty(1,f4)
// expect: out-of-bounds line 8
// says: partial
__device__ void add_halves(float* partial, int t, int stride) {
    if (t < stride) {
        partial[t] += partial[t + stride];
    }
}

extern "C" __global__ void sum(const float* x, float* out) {
    __shared__ float partial[64];
    int t = threadIdx.x;
    partial[t] = x[t];
    __syncthreads();
    for (int stride = blockDim.x; stride > 0; stride /= 2) {
        add_halves(partial, t, stride);
        __syncthreads();
    }
    if (t == 0) {
        out[0] = partial[0];
    }
}
