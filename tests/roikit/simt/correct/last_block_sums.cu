// Each block writes its sum, passes a fence and counts itself; the last to come adds up all sums.
// launch: grid 4 block 32 shared 0
// args: x=integers(0,50,128,i4) sums=empty(4,i4) count=zeros(1,u4) out=empty(1,i4)
// expect: clean
// result: out = x.sum(keepdims=True)
extern "C" __global__ void sum(const int* x, int* sums, unsigned* count, int* out) {
    __shared__ bool is_last;
    int value = x[blockIdx.x * 32 + threadIdx.x];
    for (int offset = 16; offset > 0; offset /= 2) {
        value += __shfl_down_sync(0xffffffffu, value, offset);
    }
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = value;
        __threadfence();
        is_last = atomicAdd(count, 1u) == gridDim.x - 1;
    }
    __syncthreads();
    if (is_last && threadIdx.x == 0) {
        int total = 0;
        for (int b = 0; b < gridDim.x; b++) {
            total += sums[b];
        }
        out[0] = total;
    }
}
