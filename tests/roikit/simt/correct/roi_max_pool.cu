// One bin a thread, with the cell of the maximum; a bin without cells is 0 and -1.
// launch: grid 2 block 32 shared 0
// args: features=random((1,2,8,8),f4) rois=array([0,0,0,3,3,0,2,2,7,7],f4)
// args: out=empty((2,2,2,2),f4) argmax=empty((2,2,2,2),i4) C=i4(2) H=i4(8) W=i4(8) K=i4(2)
// expect: clean
// result: out = roikit.roi_pool(features, rois.reshape(2, 5), 2)
// result: argmax = roikit.roi_pool(features, rois.reshape(2, 5), 2, return_argmax=True)[1]
extern "C" __global__ void roi_pool(const float* features, const float* rois, float* out, int* argmax, int C,
                                    int H, int W, int K) {
    int index = blockIdx.x * blockDim.x + threadIdx.x;
    if (index >= K * C * 4) return;
    int pw = index % 2;
    int ph = index / 2 % 2;
    int c = index / 4 % C;
    const float* roi = rois + index / 4 / C * 5;
    int x_begin = (int)roi[1], y_begin = (int)roi[2];
    int width = max((int)roi[3] - x_begin + 1, 1);
    int height = max((int)roi[4] - y_begin + 1, 1);
    int y0 = min(max(y_begin + ph * height / 2, 0), H);
    int y1 = min(max(y_begin + ((ph + 1) * height + 1) / 2, 0), H);
    int x0 = min(max(x_begin + pw * width / 2, 0), W);
    int x1 = min(max(x_begin + ((pw + 1) * width + 1) / 2, 0), W);
    const float* map = features + ((int)roi[0] * C + c) * H * W;
    bool empty = y1 <= y0 || x1 <= x0;
    float best = empty ? 0.0f : -INFINITY;
    int where = -1;
    for (int y = y0; y < y1; y++) {
        for (int x = x0; x < x1; x++) {
            if (map[y * W + x] > best) {
                best = map[y * W + x];
                where = y * W + x;
            }
        }
    }
    out[index] = best;
    argmax[index] = where;
}
