// Threads with more samples pass the inner barrier more often than the others, who wait at the last one.
// launch: grid 1 block 32 shared 0
// args: counts=array([1,2]*16,i4) out=empty(32,i4)
// expect: divergent-barrier line 13 with 15
extern "C" __global__ void samples(const int* counts, int* out) {
    __shared__ int total;
    if (threadIdx.x == 0) {
        total = 0;
    }
    __syncthreads();
    for (int i = 0; i < counts[threadIdx.x]; i++) {
        atomicAdd(&total, 1);
        __syncthreads();
    }
    __syncthreads();
    out[threadIdx.x] = total;
}
