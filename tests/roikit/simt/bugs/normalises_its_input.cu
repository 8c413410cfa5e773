// The input is const, the cast takes that away, and the caller's boxes are changed.
// launch: grid 1 block 32 shared 0
// args: rois=random(128,f4) out=empty(32,f4) scale=f4(0.25)
// expect: read-only line 8
// says: rois
extern "C" __global__ void widths(const float* rois, float* out, float scale) {
    float* roi = (float*)(rois + 4 * threadIdx.x);
    roi[0] *= scale;
    out[threadIdx.x] = roi[2] * scale - roi[0];
}
