// RoI pooling over whole boxes: box 1 names image 3 of a batch of two, and nobody looks.
// launch: grid 1 block 32 shared 0
// args: features=random((2,128,160),f4) rois=array([0,0,0,3,3,3,1,1,4,4],f4) out=empty(2,f4)
// args: H=i4(128) W=i4(160) K=i4(2)
// expect: out-of-bounds line 15
// says: reads features[61601], but features has 40960 elements
extern "C" __global__ void pool(const float* features, const float* rois, float* out, int H, int W, int K) {
    int k = blockIdx.x * blockDim.x + threadIdx.x;
    if (k >= K) return;
    const float* roi = rois + 5 * k;
    const float* image = features + (int)roi[0] * H * W;
    float best = -1e30f;
    for (int y = (int)roi[2]; y <= (int)roi[4]; y++) {
        for (int x = (int)roi[1]; x <= (int)roi[3]; x++) {
            best = fmaxf(best, image[y * W + x]);
        }
    }
    out[k] = best;
}
