// RoI pooling: a box without cells leaves its bin as it was, instead of writing 0.
// launch: grid 1 block 32 shared 0
// args: features=arange(16,f4) rois=array([0,0,2,1,3,1,2,2],f4) out=empty(2,f4) W=i4(4) K=i4(2)
// expect: unwritten line 18
// says: 1 of the 2 elements of out was never written: out[1]
extern "C" __global__ void pool(const float* features, const float* rois, float* out, int W, int K) {
    int k = threadIdx.x;
    if (k >= K) return;
    const float* roi = rois + 4 * k;
    int x0 = (int)roi[0], y0 = (int)roi[1], x1 = (int)roi[2], y1 = (int)roi[3];
    if (x1 < x0 || y1 < y0) return;
    float best = features[y0 * W + x0];
    for (int y = y0; y <= y1; y++) {
        for (int x = x0; x <= x1; x++) {
            best = fmaxf(best, features[y * W + x]);
        }
    }
    out[k] = best;
}
