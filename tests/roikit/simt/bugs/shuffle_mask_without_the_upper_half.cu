// All 32 lanes call, the mask names the lower 16.
// launch: grid 1 block 32 shared 0
// args: x=arange(32,f4) out=empty(32,f4)
// expect: warp-mask line 9
// says: 0x0000ffff
extern "C" __global__ void half_sums(const float* x, float* out) {
    float value = x[threadIdx.x];
    for (int offset = 8; offset > 0; offset /= 2) {
        value += __shfl_xor_sync(0x0000ffffu, value, offset);
    }
    out[threadIdx.x] = value;
}
