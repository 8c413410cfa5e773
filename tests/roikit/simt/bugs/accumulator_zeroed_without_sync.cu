// Thread 0 sets the accumulator to zero, perhaps after another warp has already added to it.
// launch: grid 2 block 64 shared 0
// args: x=random(128,f4) out=empty(2,f4)
// expect: race line 8 with 10
extern "C" __global__ void block_sum(const float* x, float* out) {
    __shared__ float total;
    if (threadIdx.x == 0) {
        total = 0.0f;
    }
    atomicAdd(&total, x[blockIdx.x * 64 + threadIdx.x]);
    __syncthreads();
    if (threadIdx.x == 0) {
        out[blockIdx.x] = total;
    }
}
