// Hillis-Steele scan with one buffer: no barrier lies between reading the left cell and writing this one.
// launch: grid 1 block 64 shared 256
// args: x=random(64,f4) out=empty(64,f4)
// expect: race line 15 with 13
extern "C" __global__ void scan(const float* x, float* out) {
    extern __shared__ float sums[];
    int t = threadIdx.x;
    sums[t] = x[t];
    __syncthreads();
    for (int offset = 1; offset < blockDim.x; offset *= 2) {
        float left = 0.0f;
        if (t >= offset) {
            left = sums[t - offset];
        }
        sums[t] += left;
        __syncthreads();
    }
    out[t] = sums[t];
}
