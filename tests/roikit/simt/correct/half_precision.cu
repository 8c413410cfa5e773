// Stored in 16 bits, computed in 32; a template for both.
// launch: grid 4 block 64 shared 0
// args: x=random(256,f2) out=empty(256,f2) n=i4(256)
// expect: clean
// result: out = (2 * x.astype(np.float32) + 1).astype(np.float16)
#include <cuda_fp16.h>

template <class T>
__device__ void twice_and_one(const T* x, T* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        out[i] = (T)((float)x[i] * 2.0f + 1.0f);
    }
}

extern "C" __global__ void twice_and_one_half(const __half* x, __half* out, int n) {
    twice_and_one<__half>(x, out, n);
}
