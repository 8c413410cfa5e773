// Difference to the right neighbour: the last element has none.
// launch: grid 4 block 64 shared 0
// args: x=arange(256,f4) out=empty(256,f4) n=i4(256)
// expect: out-of-bounds line 9
// says: x[256], but x has 256 elements
extern "C" __global__ void difference(const float* x, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        out[i] = x[i + 1] - x[i];
    }
}
