// One piece of shared memory cut in two: 32 ints, then 32 floats.
// launch: grid 2 block 32 shared 256
// args: x=random(64,f4) order=array([*range(31,-1,-1)]*2,i4) out=empty(64,f4)
// expect: clean
// result: out = x.reshape(2, 32)[:, ::-1].ravel()
extern "C" __global__ void permute(const float* x, const int* order, float* out) {
    extern __shared__ int memory[];
    int* where = memory;
    float* values = (float*)(memory + blockDim.x);
    int t = threadIdx.x;
    int i = blockIdx.x * blockDim.x + t;
    where[t] = order[i];
    values[t] = x[i];
    __syncthreads();
    out[i] = values[where[t]];
}
