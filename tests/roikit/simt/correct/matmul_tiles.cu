// launch: grid 3,3 block 16,16 shared 0
// args: A=random((40,56),f4) B=random((56,48),f4) out=empty((40,48),f4) M=i4(40) N=i4(48) K=i4(56)
// expect: clean
// result: out = A @ B
#define TILE 16

template <int N>
__device__ float dot(const float (&a)[N][N], const float (&b)[N][N], int row, int column) {
    float sum = 0.0f;
    for (int k = 0; k < N; k++) {
        sum += a[row][k] * b[k][column];
    }
    return sum;
}

extern "C" __global__ void matmul(const float* A, const float* B, float* out, int M, int N, int K) {
    __shared__ float a[TILE][TILE], b[TILE][TILE];
    int row = blockIdx.y * TILE + threadIdx.y;
    int column = blockIdx.x * TILE + threadIdx.x;
    float sum = 0.0f;
    for (int tile = 0; tile < K; tile += TILE) {
        int k_left = tile + threadIdx.x;
        int k_right = tile + threadIdx.y;
        a[threadIdx.y][threadIdx.x] = row < M && k_left < K ? A[row * K + k_left] : 0.0f;
        b[threadIdx.y][threadIdx.x] = k_right < K && column < N ? B[k_right * N + column] : 0.0f;
        __syncthreads();
        sum += dot<TILE>(a, b, threadIdx.y, threadIdx.x);
        __syncthreads();
    }
    if (row < M && column < N) {
        out[row * N + column] = sum;
    }
}
