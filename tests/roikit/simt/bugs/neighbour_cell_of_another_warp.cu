// Each thread adds its right neighbour's cell, which belongs to another warp for lane 31.
// launch: grid 1 block 64 shared 0
// args: x=arange(64,f4) out=empty(64,f4)
// expect: race line 8 with 11
extern "C" __global__ void pair_sums(const float* x, float* out) {
    __shared__ float tile[64];
    int t = threadIdx.x;
    tile[t] = x[t];
    __syncwarp();
    int right = t < 63 ? t + 1 : t;
    out[t] = x[t] + tile[right];
}
