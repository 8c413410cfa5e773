// Each warp sorts pairs of neighbours in its own part of shared memory; a shuffle is no fence for it.
// launch: grid 1 block 32 shared 0
// args: x=random(32,f4) out=empty(32,f4)
// expect: race line 8 with 10
extern "C" __global__ void swap_pairs(const float* x, float* out) {
    __shared__ float cells[32];
    int lane = threadIdx.x;
    cells[lane] = x[lane];
    int partner = __shfl_xor_sync(0xffffffffu, lane, 1);
    out[lane] = cells[partner];
}
