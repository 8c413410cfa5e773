// launch: grid 3 block 96 shared 0
// args: x=integers(0,256,2000,u1) out=zeros(256,i4) n=i4(2000)
// expect: clean
// result: out = np.bincount(x, minlength=256)
extern "C" __global__ void histogram(const unsigned char* x, int* out, int n) {
    __shared__ int bins[256];
    for (int i = threadIdx.x; i < 256; i += blockDim.x) {
        bins[i] = 0;
    }
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        atomicAdd(&bins[x[i]], 1);
    }
    __syncthreads();
    for (int i = threadIdx.x; i < 256; i += blockDim.x) {
        atomicAdd(&out[i], bins[i]);
    }
}
