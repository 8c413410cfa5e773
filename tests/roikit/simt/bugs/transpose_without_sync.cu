// The tile is read by columns, which other warps write.
// launch: grid 1 block 16,16 shared 0
// args: x=arange(256,f4) out=empty(256,f4)
// expect: race line 8 with 9
// says: __shared__ tile
extern "C" __global__ void transpose(const float* x, float* out) {
    __shared__ float tile[16][17];
    tile[threadIdx.y][threadIdx.x] = x[threadIdx.y * 16 + threadIdx.x];
    out[threadIdx.y * 16 + threadIdx.x] = tile[threadIdx.x][threadIdx.y];
}
