// The threads beyond the end return; the rest of the last warp votes with a mask of just themselves.
// launch: grid 2 block 64 shared 0
// args: x=random(100,f4) out=empty(100,i4) n=i4(100)
// expect: clean
// result: out = np.repeat([(x[i : i + 32] > 0.5).sum() for i in range(0, 100, 32)], 32)[:100]
extern "C" __global__ void positive_lanes(const float* x, int* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    int left = n - (i & ~31);
    unsigned mask = left >= 32 ? 0xffffffffu : (1u << left) - 1;
    out[i] = __popc(__ballot_sync(mask, x[i] > 0.5f));
}
