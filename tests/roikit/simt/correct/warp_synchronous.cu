// The last warp of a reduction on its own, with a __syncwarp() after each reading and each writing.
// launch: grid 1 block 64 shared 0
// args: x=random(64,f4) out=empty(1,f4)
// expect: clean
// result: out = x.sum(keepdims=True)
extern "C" __global__ void block_sum(const float* x, float* out) {
    __shared__ float partial[64];
    int t = threadIdx.x;
    partial[t] = x[t];
    __syncthreads();
    if (t >= 32) return;
    float sum = partial[t] + partial[t + 32];
    for (int stride = 16; stride > 0; stride /= 2) {
        __syncwarp();
        partial[t] = sum;
        __syncwarp();
        sum += partial[(t + stride) % 32];
    }
    if (t == 0) {
        out[0] = sum;
    }
}
