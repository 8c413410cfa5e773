// The barrier after writing is there; the one before the next round's writing is not.
// launch: grid 1 block 64 shared 0
// args: rois=arange(20,f4) out=empty(256,f4) K=i4(4)
// expect: race line 9 with 12
extern "C" __global__ void box_widths(const float* rois, float* out, int K) {
    __shared__ float width;
    for (int k = 0; k < K; k++) {
        if (threadIdx.x == 0) {
            width = rois[5 * k + 3] - rois[5 * k + 1] + k;
        }
        __syncthreads();
        out[k * blockDim.x + threadIdx.x] = width;
    }
}
