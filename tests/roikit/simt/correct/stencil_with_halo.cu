// launch: grid 3 block 64 shared 0
// args: x=random(150,f4) out=empty(150,f4) n=i4(150)
// expect: clean
// result: out = np.convolve(x, np.full(3, 1 / 3), "same")
#define WIDTH 64

extern "C" __global__ void blur(const float* x, float* out, int n) {
    __shared__ float tile[WIDTH + 2];
    int i = blockIdx.x * WIDTH + threadIdx.x;
    int t = threadIdx.x + 1;
    tile[t] = i < n ? x[i] : 0.0f;
    if (threadIdx.x == 0) {
        tile[0] = i > 0 ? x[i - 1] : 0.0f;
    }
    if (threadIdx.x == WIDTH - 1) {
        tile[WIDTH + 1] = i + 1 < n ? x[i + 1] : 0.0f;
    }
    __syncthreads();
    if (i < n) {
        out[i] = (tile[t - 1] + tile[t] + tile[t + 1]) / 3.0f;
    }
}
