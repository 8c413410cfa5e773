// The four corners of a box, and a loop that runs to 4 inclusive.
// launch: grid 1 block 32 shared 0
// args: rois=arange(160,f4) out=empty(32,f4)
// expect: out-of-bounds line 10
// says: float [4]
extern "C" __global__ void longest_coordinate(const float* rois, float* out) {
    float box[4];
    const float* roi = rois + 5 * threadIdx.x;
    for (int j = 0; j <= 4; j++) {
        box[j] = roi[j];
    }
    float best = box[0];
    for (int j = 1; j < 4; j++) {
        best = fmaxf(best, box[j]);
    }
    out[threadIdx.x] = best;
}
