// Image 3 of maps with 1024 * 1024 * 1024 cells begins behind 2**31; the product is int all the same.
// launch: grid 1 block 4 shared 0
// args: out=empty(4,i8) C=i4(1024) H=i4(1024) W=i4(1024)
// expect: undefined line 8
// says: does not fit into int
extern "C" __global__ void image_offsets(long long* out, int C, int H, int W) {
    int n = threadIdx.x;
    out[n] = n * C * H * W;
}
