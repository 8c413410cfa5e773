// Thread 0 reads the total after its own atomicAdd; the other threads' may still come.
// launch: grid 1 block 64 shared 0
// args: x=integers(0,9,64,i4) out=empty(1,i4)
// expect: race line 11 with 13
extern "C" __global__ void sum(const int* x, int* out) {
    __shared__ int total;
    if (threadIdx.x == 0) {
        total = 0;
    }
    __syncthreads();
    atomicAdd(&total, x[threadIdx.x]);
    if (threadIdx.x == 0) {
        out[0] = total;
    }
}
