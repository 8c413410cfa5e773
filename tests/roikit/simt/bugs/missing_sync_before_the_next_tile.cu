// Matrix product by tiles: a fast warp loads the next tile while a slow one still multiplies with this.
// launch: grid 2,2 block 16,16 shared 0
// args: A=random((32,32),f4) B=random((32,32),f4) out=empty((32,32),f4) n=i4(32)
// expect: race line 12 with 16
extern "C" __global__ void matmul(const float* A, const float* B, float* out, int n) {
    __shared__ float a[16][16];
    __shared__ float b[16][16];
    int row = blockIdx.y * 16 + threadIdx.y;
    int column = blockIdx.x * 16 + threadIdx.x;
    float sum = 0.0f;
    for (int tile = 0; tile < n; tile += 16) {
        a[threadIdx.y][threadIdx.x] = A[row * n + tile + threadIdx.x];
        b[threadIdx.y][threadIdx.x] = B[(tile + threadIdx.y) * n + column];
        __syncthreads();
        for (int k = 0; k < 16; k++) {
            float left = a[threadIdx.y][k];
            sum += left * b[k][threadIdx.x];
        }
    }
    out[row * n + column] = sum;
}
