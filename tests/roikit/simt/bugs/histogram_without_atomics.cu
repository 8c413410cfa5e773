// All threads count into the same bins of global memory with a plain +=.
// launch: grid 4 block 64 shared 0
// args: x=integers(0,16,256,i4) out=zeros(16,i4) n=i4(256)
// expect: race line 8 with 8
extern "C" __global__ void histogram(const int* x, int* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        out[x[i]] += 1;
    }
}
