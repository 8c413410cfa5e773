// One block would do: every block computes the first 64 elements, and nobody the rest.
// launch: grid 4 block 64 shared 0
// args: x=arange(256,f4) out=empty(256,f4)
// expect: unwritten line 8
// says: first out[64]
extern "C" __global__ void twice(const float* x, float* out) {
    int i = threadIdx.x;
    out[i] = 2.0f * x[i];
}
