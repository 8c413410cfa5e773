// The block's first threads put the boxes into shared memory; each thread then samples one bin at its centre.
// launch: grid 1 block 64 shared 0
// args: features=random((1,2,8,8),f4) rois=array([0,0.5,0.5,3,3,0,2,2.25,9,7],f4)
// args: out=empty((2,2,3,3),f4) C=i4(2) H=i4(8) W=i4(8) K=i4(2)
// expect: clean
// result: out = roikit.roi_align(features, rois.reshape(2, 5), 3, sampling_ratio=1)
__device__ float bilinear(const float* map, int H, int W, float y, float x) {
    if (y < -1.0f || y > H || x < -1.0f || x > W) return 0.0f;
    y = fminf(fmaxf(y, 0.0f), H - 1.0f);
    x = fminf(fmaxf(x, 0.0f), W - 1.0f);
    int y0 = (int)y;
    int x0 = (int)x;
    int y1 = min(y0 + 1, H - 1);
    int x1 = min(x0 + 1, W - 1);
    float ly = y - y0;
    float lx = x - x0;
    float top = (1 - lx) * map[y0 * W + x0] + lx * map[y0 * W + x1];
    float low = (1 - lx) * map[y1 * W + x0] + lx * map[y1 * W + x1];
    return (1 - ly) * top + ly * low;
}

extern "C" __global__ void roi_align(const float* features, const float* rois, float* out, int C, int H,
                                     int W, int K) {
    __shared__ float boxes[2][5];
    for (int i = threadIdx.x; i < 5 * K; i += blockDim.x) {
        boxes[i / 5][i % 5] = rois[i];
    }
    __syncthreads();
    int index = blockIdx.x * blockDim.x + threadIdx.x;
    if (index >= K * C * 9) return;
    int pw = index % 3;
    int ph = index / 3 % 3;
    int c = index / 9 % C;
    const float* box = boxes[index / 9 / C];
    float bin_h = fmaxf(box[4] - box[2], 1.0f) / 3;
    float bin_w = fmaxf(box[3] - box[1], 1.0f) / 3;
    const float* map = features + ((int)box[0] * C + c) * H * W;
    out[index] = bilinear(map, H, W, box[2] + (ph + 0.5f) * bin_h, box[1] + (pw + 0.5f) * bin_w);
}
