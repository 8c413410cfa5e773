// Two threads keep 16-bit counters in one int, each reading and writing the whole word.
// launch: grid 1 block 2 shared 0
// args: x=integers(1,9,8,i4) out=zeros(1,i4)
// expect: race line 8 with 8
extern "C" __global__ void packed_sums(const int* x, int* out) {
    int shift = 16 * threadIdx.x;
    for (int i = 0; i < 4; i++) {
        out[0] += x[4 * threadIdx.x + i] << shift;
    }
}
