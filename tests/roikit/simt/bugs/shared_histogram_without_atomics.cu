// The bins lie in shared memory, but two threads of a block still meet in one.
// launch: grid 2 block 64 shared 0
// args: x=integers(0,8,128,i4) out=zeros(8,i4)
// expect: race line 11 with 11
extern "C" __global__ void histogram(const int* x, int* out) {
    __shared__ int bins[8];
    if (threadIdx.x < 8) {
        bins[threadIdx.x] = 0;
    }
    __syncthreads();
    bins[x[blockIdx.x * 64 + threadIdx.x]]++;
    __syncthreads();
    if (threadIdx.x < 8) {
        atomicAdd(&out[threadIdx.x], bins[threadIdx.x]);
    }
}
