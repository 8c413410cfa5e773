// Lanes add up by shuffles, warps in shared memory, blocks by an atomic.
// launch: grid 3 block 96 shared 0
// args: x=integers(0,100,1000,i4) out=zeros(1,i4) n=i4(1000)
// expect: clean
// result: out = x.sum(keepdims=True)
__device__ int warp_sum(int value) {
    for (int offset = 16; offset > 0; offset /= 2) {
        value += __shfl_down_sync(0xffffffffu, value, offset);
    }
    return value;
}

extern "C" __global__ void sum(const int* x, int* out, int n) {
    __shared__ int of_warp[32];
    int value = 0;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        value += x[i];
    }
    value = warp_sum(value);
    if (threadIdx.x % 32 == 0) {
        of_warp[threadIdx.x / 32] = value;
    }
    __syncthreads();
    if (threadIdx.x < 32) {
        value = threadIdx.x < blockDim.x / 32 ? of_warp[threadIdx.x] : 0;
        value = warp_sum(value);
        if (threadIdx.x == 0) {
            atomicAdd(out, value);
        }
    }
}
