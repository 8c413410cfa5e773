// A null pointer stands for an output that nobody wants, and the kernel looks first.
// launch: grid 1 block 32 shared 0
// args: x=arange(128,f4) out=empty(32,f4) argmax=null
// expect: clean
// result: out = x.reshape(32, 4).max(1)
extern "C" __global__ void row_max(const float* x, float* out, int* argmax) {
    const float* row = x + 4 * threadIdx.x;
    int best = 0;
    for (int j = 1; j < 4; j++) {
        if (row[j] > row[best]) best = j;
    }
    out[threadIdx.x] = row[best];
    if (argmax) {
        argmax[threadIdx.x] = best;
    }
}
