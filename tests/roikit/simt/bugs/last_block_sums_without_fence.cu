// The last block adds up what all have written. The counter says how many came; without __threadfence() it
// does not say that their sums have arrived.
// launch: grid 4 block 32 shared 0
// args: x=random(128,f4) sums=empty(4,f4) count=zeros(1,i4) out=empty(1,f4)
// expect: race line 13 with 17
// says: nothing orders two blocks
extern "C" __global__ void sum(const float* x, float* sums, int* count, float* out) {
    float value = x[blockIdx.x * 32 + threadIdx.x];
    for (int offset = 16; offset > 0; offset /= 2) {
        value += __shfl_down_sync(0xffffffffu, value, offset);
    }
    if (threadIdx.x > 0) return;
    sums[blockIdx.x] = value;
    if (atomicAdd(count, 1) == gridDim.x - 1) {
        float total = 0.0f;
        for (int b = 0; b < gridDim.x; b++) {
            total += sums[b];
        }
        out[0] = total;
    }
}
