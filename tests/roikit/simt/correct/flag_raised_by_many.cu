// Several threads raise one flag with the same value: which of them comes last changes nothing.
// launch: grid 2 block 64 shared 0
// args: x=array([1,2,3,-4]*32,f4) out=empty(2,i4)
// expect: clean
// result: out = [1, 1]
extern "C" __global__ void any_negative(const float* x, int* out) {
    __shared__ int found;
    if (threadIdx.x == 0) {
        found = 0;
    }
    __syncthreads();
    if (x[blockIdx.x * 64 + threadIdx.x] < 0.0f) {
        found = 1;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        out[blockIdx.x] = found;
    }
}
