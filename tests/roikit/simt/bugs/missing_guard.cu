// Doubles each element; 4 * 64 threads for 250 elements, and nothing keeps the last 6 from writing.
// launch: grid 4 block 64 shared 0
// args: x=arange(250,f4) out=empty(250,f4) n=i4(250)
// expect: out-of-bounds line 8
// says: if (i < n)
extern "C" __global__ void twice(const float* x, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = 2.0f * x[i];
}
