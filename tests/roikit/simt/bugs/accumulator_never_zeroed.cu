// Shared memory is not zero when a block begins.
// launch: grid 2 block 64 shared 0
// args: x=integers(0,9,128,i4) out=empty(2,i4)
// expect: uninitialised line 8
// says: total
extern "C" __global__ void block_sum(const int* x, int* out) {
    __shared__ int total;
    atomicAdd(&total, x[blockIdx.x * 64 + threadIdx.x]);
    __syncthreads();
    if (threadIdx.x == 0) {
        out[blockIdx.x] = total;
    }
}
