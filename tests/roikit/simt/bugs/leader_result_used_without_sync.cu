// Thread 0 decodes the box for its block; the others do not wait for it.
// launch: grid 2 block 64 shared 0
// args: rois=array([0,1,2,3,4,0,5,6,7,8],f4) out=empty(128,f4)
// expect: race line 9 with 11
extern "C" __global__ void box_widths(const float* rois, float* out) {
    __shared__ float width;
    if (threadIdx.x == 0) {
        const float* roi = rois + 5 * blockIdx.x;
        width = roi[3] - roi[1];
    }
    out[blockIdx.x * blockDim.x + threadIdx.x] = width * threadIdx.x;
}
