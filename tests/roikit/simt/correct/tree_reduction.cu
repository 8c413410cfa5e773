// launch: grid 2 block 128 shared 512
// args: x=random(256,f4) out=empty(2,f4)
// expect: clean
// result: out = x.reshape(2, 128).sum(1)
extern __shared__ float partial[];

extern "C" __global__ void block_sum(const float* x, float* out) {
    int t = threadIdx.x;
    partial[t] = x[blockIdx.x * blockDim.x + t];
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        __syncthreads();
        if (t < stride) {
            partial[t] += partial[t + stride];
        }
    }
    if (t == 0) {
        out[blockIdx.x] = partial[0];
    }
}
