// Four threads write the four bytes of one word: each its own.
// launch: grid 5 block 64 shared 0
// args: x=integers(0,256,300,u1) out=empty(300,u1) n=i4(300)
// expect: clean
// result: out = 255 - x
extern "C" __global__ void invert(const unsigned char* x, unsigned char* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        out[i] = (unsigned char)(255 - x[i]);
    }
}
