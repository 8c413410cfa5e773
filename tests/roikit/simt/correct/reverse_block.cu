// launch: grid 4 block 64 shared 0
// args: x=arange(256,f4) out=empty(256,f4)
// expect: clean
// result: out = x.reshape(-1, 64)[:, ::-1].ravel()
extern "C" __global__ void reverse_block(const float* x, float* out) {
    __shared__ float tile[64];
    int i = blockIdx.x * 64 + threadIdx.x;
    tile[threadIdx.x] = x[i];
    __syncthreads();
    out[i] = tile[63 - threadIdx.x];
}
