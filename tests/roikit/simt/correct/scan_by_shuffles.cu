// launch: grid 2 block 64 shared 0
// args: x=integers(0,10,128,i4) out=empty(128,i4)
// expect: clean
// result: out = np.cumsum(x.reshape(2, 64), 1).ravel()
extern "C" __global__ void scan(const int* x, int* out) {
    __shared__ int first_warp;
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int lane = threadIdx.x & 31;
    int value = x[i];
    for (int offset = 1; offset < 32; offset *= 2) {
        int left = __shfl_up_sync(0xffffffffu, value, offset);
        if (lane >= offset) {
            value += left;
        }
    }
    if (threadIdx.x == 31) {
        first_warp = value;
    }
    __syncthreads();
    out[i] = threadIdx.x < 32 ? value : value + first_warp;
}
