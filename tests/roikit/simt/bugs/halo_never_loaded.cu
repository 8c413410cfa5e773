// The tile has room for a neighbour on each side, but nobody loads the two.
// launch: grid 2 block 64 shared 264
// args: x=arange(128,f4) out=empty(128,f4)
// expect: uninitialised line 13
// says: tile[0]
extern __shared__ float tile[];

extern "C" __global__ void blur(const float* x, float* out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int t = threadIdx.x + 1;
    tile[t] = x[i];
    __syncthreads();
    float left = tile[t - 1];
    out[i] = (left + tile[t] + tile[t + 1]) / 3.0f;
}
