// The launch asks for 64 bytes of shared memory and means 64 floats.
// launch: grid 2 block 64 shared 64
// args: x=arange(128,f4) out=empty(128,f4)
// expect: out-of-bounds line 10
// says: tile[16]
extern __shared__ float tile[];

extern "C" __global__ void reverse_block(const float* x, float* out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x] = x[i];
    __syncthreads();
    out[i] = tile[blockDim.x - 1 - threadIdx.x];
}
