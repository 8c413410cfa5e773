// The library's memset and memcpy on shared memory, and a memcpy from an address that a float4 may not have.
// launch: grid 1 block 32 shared 0
// args: x=random(40,f4) out=empty(32,f4)
// expect: clean
// result: out = x[1:33] + x[4:36]
extern "C" __global__ void windows(const float* x, float* out) {
    __shared__ float sums[32];
    int t = threadIdx.x;
    if (t == 0) {
        memset(sums, 0, sizeof sums);
    }
    __syncthreads();
    float window[4];
    memcpy(window, x + t + 1, sizeof window);
    sums[t] += window[0] + window[3];
    out[t] = sums[t];
}
