// 32 x 32 tiles moved by 32 x 8 threads; the 33rd column keeps the banks apart.
// launch: grid 2,2 block 32,8 shared 0
// args: x=random((40,50),f4) out=empty((50,40),f4) H=i4(40) W=i4(50)
// expect: clean
// result: out = x.T
extern "C" __global__ void transpose(const float* x, float* out, int H, int W) {
    __shared__ float tile[32][33];
    int column = blockIdx.x * 32 + threadIdx.x;
    for (int j = threadIdx.y; j < 32; j += 8) {
        int row = blockIdx.y * 32 + j;
        if (row < H && column < W) {
            tile[j][threadIdx.x] = x[row * W + column];
        }
    }
    __syncthreads();
    column = blockIdx.y * 32 + threadIdx.x;
    for (int j = threadIdx.y; j < 32; j += 8) {
        int row = blockIdx.x * 32 + j;
        if (row < W && column < H) {
            out[row * H + column] = tile[threadIdx.x][j];
        }
    }
}
