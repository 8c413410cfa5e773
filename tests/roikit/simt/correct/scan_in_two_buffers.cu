// Hillis-Steele: read one buffer, write the other, exchange them.
// launch: grid 2 block 128 shared 1024
// args: x=random(256,f4) out=empty(256,f4)
// expect: clean
// result: out = np.cumsum(x.reshape(2, 128), 1).ravel()
extern "C" __global__ void scan(const float* x, float* out) {
    extern __shared__ float buffers[];
    int n = blockDim.x;
    int t = threadIdx.x;
    float* from = buffers;
    float* to = buffers + n;
    from[t] = x[blockIdx.x * n + t];
    __syncthreads();
    for (int offset = 1; offset < n; offset *= 2) {
        to[t] = from[t] + (t >= offset ? from[t - offset] : 0.0f);
        __syncthreads();
        float* read = from;
        from = to;
        to = read;
    }
    out[blockIdx.x * n + t] = from[t];
}
