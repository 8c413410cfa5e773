// Copies a map of 8 rows and 4 columns, but counts H cells to a row where W belongs.
// launch: grid 1 block 4,8 shared 0
// args: features=arange(32,f4) out=empty(32,f4) H=i4(8) W=i4(4)
// expect: out-of-bounds line 10
// says: features has 32 elements
extern "C" __global__ void copy_map(const float* features, float* out, int H, int W) {
    int x = threadIdx.x;
    int y = threadIdx.y;
    if (y < H && x < W) {
        float value = features[y * H + x];
        out[y * W + x] = value;
    }
}
