// A box far outside, as a detector in its first epoch gives them.
// launch: grid 1 block 32 shared 0
// args: ys=full(32,1e20,f4) out=empty(32,i4) H=i4(64)
// expect: undefined line 7
// says: 1e+20
extern "C" __global__ void rows(const float* ys, int* out, int H) {
    int y = (int)floorf(ys[threadIdx.x]);
    out[threadIdx.x] = min(max(y, 0), H - 1);
}
