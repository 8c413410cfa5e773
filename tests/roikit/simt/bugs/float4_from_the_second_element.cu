// A float4 must lie at a multiple of 16 bytes; the box begins after the batch index, at 4.
// launch: grid 1 block 32 shared 0
// args: rois=random(160,f4) out=empty(32,f4)
// expect: misaligned line 8
// says: 16 bytes at byte 4 of rois
extern "C" __global__ void areas(const float* rois, float* out) {
    int k = threadIdx.x;
    float4 box = *reinterpret_cast<const float4*>(rois + 5 * k + 1);
    out[k] = (box.z - box.x) * (box.w - box.y);
}
