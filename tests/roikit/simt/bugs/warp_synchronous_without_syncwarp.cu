// The old trick of the last warp: volatile, and no barrier, as if lanes still ran in lockstep.
// launch: grid 1 block 64 shared 0
// args: x=random(64,f4) out=empty(1,f4)
// expect: race line 14
extern "C" __global__ void block_sum(const float* x, float* out) {
    __shared__ volatile float partial[64];
    int t = threadIdx.x;
    partial[t] = x[t];
    __syncthreads();
    if (t < 32) {
        partial[t] = partial[t] + partial[t + 32];
        for (int stride = 16; stride > 0; stride /= 2) {
            float other = partial[t + stride];
            partial[t] = partial[t] + other;
        }
    }
    if (t == 0) {
        out[0] = partial[0];
    }
}
