// A tile of 64 cells with a neighbour on each side needs 66 places; the last thread loads into the 65th.
// launch: grid 2 block 64 shared 0
// args: x=arange(128,f4) out=empty(128,f4) n=i4(128)
// expect: out-of-bounds line 10
// says: tile[64], but __shared__ tile has 64 elements
extern "C" __global__ void stencil(const float* x, float* out, int n) {
    __shared__ float tile[64];
    int i = blockIdx.x * 64 + threadIdx.x;
    int t = threadIdx.x + 1;
    tile[t] = x[i];
    if (threadIdx.x == 0) {
        tile[0] = i > 0 ? x[i - 1] : 0.0f;
    }
    __syncthreads();
    out[i] = 0.5f * (tile[t] + tile[t - 1]);
}
