// The full mask inside of a branch: the other lanes wait at __syncthreads() and never come.
// launch: grid 1 block 32 shared 0
// args: x=arange(32,f4) out=empty(32,f4)
// expect: deadlock line 9
extern "C" __global__ void edge_sums(const float* x, float* out) {
    int t = threadIdx.x;
    float value = x[t];
    if (t < 20) {
        value += __shfl_down_sync(0xffffffffu, value, 1);
    }
    __syncthreads();
    out[t] = value;
}
