// The block's number is used to read but forgotten to write: all blocks write the first 64 cells.
// launch: grid 4 block 64 shared 0
// args: x=arange(256,f4) out=zeros(256,f4)
// expect: race line 8 with 8
// says: nothing orders two blocks
extern "C" __global__ void twice(const float* x, float* out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[threadIdx.x] = 2.0f * x[i];
}
