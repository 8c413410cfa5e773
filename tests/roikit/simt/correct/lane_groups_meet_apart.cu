// Each half of a warp exchanges through shared memory and waits for its own lanes only.
// launch: grid 1 block 32 shared 0
// args: x=arange(32,f4) out=empty(32,f4)
// expect: clean
// result: out = x.reshape(2, 16)[:, ::-1].ravel()
extern "C" __global__ void reverse_halves(const float* x, float* out) {
    __shared__ float cells[32];
    int lane = threadIdx.x;
    unsigned half = lane < 16 ? 0x0000ffffu : 0xffff0000u;
    cells[lane] = x[lane];
    __syncwarp(half);
    out[lane] = cells[(lane & 16) + 15 - (lane & 15)];
}
