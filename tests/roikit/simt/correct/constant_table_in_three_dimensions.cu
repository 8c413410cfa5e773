// A 3-D block, a table in constant memory, and votes of the whole block.
// launch: grid 2,2 block 4,5,6 shared 0
// args: out=empty(480,i4)
// expect: clean
// result: out = np.tile(1000 * 40 + 10 + np.array([1, 2, 3, 4])[np.arange(120) % 4], 4)
__constant__ int table[4] = {1, 2, 3, 4};

extern "C" __global__ void votes(int* out) {
    int t = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    int block = blockIdx.x * gridDim.y + blockIdx.y;
    int thirds = __syncthreads_count(t % 3 == 0);
    int any = __syncthreads_or(t == 77);
    out[block * 120 + t] = thirds * 1000 + any * 10 + table[t % 4];
}
