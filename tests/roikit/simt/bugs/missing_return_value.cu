// The helper answers inside the map and forgets to answer outside.
// launch: grid 1 block 32 shared 0
// args: features=arange(16,f4) out=empty(32,f4) W=i4(16)
// expect: undefined line 6
// says: without returning
__device__ float cell(const float* features, int x, int W) {
    if (x < W) {
        return features[x];
    }
}

extern "C" __global__ void read(const float* features, float* out, int W) {
    out[threadIdx.x] = cell(features, threadIdx.x, W);
}
