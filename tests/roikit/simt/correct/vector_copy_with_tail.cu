// Four floats at a time, and the last ones one by one.
// launch: grid 1 block 64 shared 0
// args: x=random(250,f4) out=empty(250,f4) n=i4(250)
// expect: clean
// result: out = x
extern "C" __global__ void copy(const float* x, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n / 4) {
        reinterpret_cast<float4*>(out)[i] = reinterpret_cast<const float4*>(x)[i];
    }
    int tail = n / 4 * 4 + i;
    if (tail < n) {
        out[tail] = x[tail];
    }
}
