// A thread reads its neighbours while they overwrite themselves.
// launch: grid 2 block 32 shared 0
// args: x=random(64,f4) n=i4(64)
// expect: race line 9 with 8
extern "C" __global__ void blur(float* x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i > 0 && i < n - 1) {
        float sum = x[i - 1] + x[i] + x[i + 1];
        x[i] = sum / 3.0f;
    }
}
