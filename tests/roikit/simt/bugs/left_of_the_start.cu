// A box blur over three cells: the first one has no left neighbour.
// launch: grid 2 block 32 shared 0
// args: row=arange(64,f4) out=empty(64,f4) width=i4(64)
// expect: out-of-bounds line 12
// says: row[-1]
extern "C" __global__ void blur(const float* row, float* out, int width) {
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    if (x >= width) return;
    float sum = 0.0f;
    for (int dx = -1; dx <= 1; dx++) {
        if (x + dx < width) {
            sum += row[x + dx];
        }
    }
    out[x] = sum / 3.0f;
}
