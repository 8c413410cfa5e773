// Bilinear reading: the lower row is clamped to H, which is one more than the last row.
// launch: grid 1 block 32 shared 0
// args: features=arange(48,f4) ys=linspace(0,5,32,f4) out=empty(32,f4) H=i4(6) W=i4(8)
// expect: out-of-bounds line 14
// says: features[48], but features has 48 elements
__device__ float bilinear(const float* features, int H, int W, float y, float x) {
    int y0 = (int)y;
    int x0 = (int)x;
    int y1 = min(y0 + 1, H);
    int x1 = min(x0 + 1, W - 1);
    float ly = y - y0;
    float lx = x - x0;
    float top = features[y0 * W + x0] * (1 - lx) + features[y0 * W + x1] * lx;
    float low_left = features[y1 * W + x0];
    float low_right = features[y1 * W + x1];
    return top * (1 - ly) + (low_left * (1 - lx) + low_right * lx) * ly;
}

extern "C" __global__ void read_points(const float* features, const float* ys, float* out, int H, int W) {
    int i = threadIdx.x;
    out[i] = bilinear(features, H, W, ys[i], 0.0f);
}
