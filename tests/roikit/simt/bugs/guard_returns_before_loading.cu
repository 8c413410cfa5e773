// Threads beyond the end return before the barrier, and their cells of the tile are never filled.
// launch: grid 2 block 64 shared 0
// args: x=arange(100,f4) out=empty(100,f4) n=i4(100)
// expect: uninitialised line 12
// says: __shared__ tile[63]
extern "C" __global__ void reverse_block(const float* x, float* out, int n) {
    __shared__ float tile[64];
    int i = blockIdx.x * 64 + threadIdx.x;
    if (i >= n) return;
    tile[threadIdx.x] = x[i];
    __syncthreads();
    out[i] = tile[63 - threadIdx.x];
}
