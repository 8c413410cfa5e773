// float16 to float and back, where a CPU stands in for the GPU.

#include <cuda_fp16.h>

__device__ inline float float_of_half(unsigned short bits) {
    __half stored;
    memcpy(&stored, &bits, sizeof bits);
    return __half2float(stored);
}

__device__ inline unsigned short half_of_float(float value) {
    __half stored = __float2half_rn(value);
    unsigned short bits;
    memcpy(&bits, &stored, sizeof bits);
    return bits;
}
