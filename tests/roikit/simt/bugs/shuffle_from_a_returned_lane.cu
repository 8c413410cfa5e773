// The last warp has 20 threads left; the sum takes from lanes that are not there.
// launch: grid 1 block 32 shared 0
// args: x=arange(20,f4) out=empty(1,f4) n=i4(20)
// expect: absent-lane line 10
// says: lane 20
extern "C" __global__ void sum(const float* x, float* out, int n) {
    if (threadIdx.x >= n) return;
    float value = x[threadIdx.x];
    for (int offset = 16; offset > 0; offset /= 2) {
        value += __shfl_down_sync(0xffffffffu, value, offset);
    }
    if (threadIdx.x == 0) out[0] = value;
}
