// A grid-stride loop over bins that moves the pointer itself: right for a thread's first bin only, then it
// goes on from where the last one left it.
// launch: grid 1 block 32 shared 0
// args: rois=arange(20,f4) out=empty(64,f4) bins=i4(16)
// expect: out-of-bounds line 11
// says: rois has 20 elements
extern "C" __global__ void left_edges(const float* rois, float* out, int bins) {
    int total = 4 * bins;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < total; i += blockDim.x * gridDim.x) {
        rois += 5 * (i / bins);
        out[i] = rois[1];
    }
}
