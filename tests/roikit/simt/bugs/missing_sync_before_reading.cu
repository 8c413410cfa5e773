// Reverses a block through shared memory, but reads the other end before its thread has surely written it.
// launch: grid 4 block 64 shared 0
// args: x=arange(256,f4) out=empty(256,f4)
// expect: race line 9 with 10
// says: no __syncthreads() lies between
extern "C" __global__ void reverse_block(const float* x, float* out) {
    __shared__ float tile[64];
    int i = blockIdx.x * 64 + threadIdx.x;
    tile[threadIdx.x] = x[i];
    out[i] = tile[63 - threadIdx.x];
}
