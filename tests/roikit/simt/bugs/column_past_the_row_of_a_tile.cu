// A 2-D tile of 16 columns read at column 16: the next row answers, and the result is wrong without a crash.
// launch: grid 1 block 16,16 shared 0
// args: x=arange(256,f4) out=empty(256,f4)
// expect: out-of-bounds line 12
// says: index 16
extern "C" __global__ void right_neighbour(const float* x, float* out) {
    __shared__ float tile[16][16];
    int i = threadIdx.y * 16 + threadIdx.x;
    tile[threadIdx.y][threadIdx.x] = x[i];
    __syncthreads();
    if (threadIdx.y < 15) {
        out[i] = tile[threadIdx.y][threadIdx.x + 1];
    } else {
        out[i] = 0.0f;
    }
}
