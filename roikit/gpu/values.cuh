// What a map stores and what is computed with: feature_t in memory, value_t in registers.
//
// value_t is double for double and float for all else, halves too. load() and store() go between the two;
// store() rounds to nearest, ties to even.

struct half_t { unsigned short bits; };    // float16
struct bfloat_t { unsigned short bits; };  // bfloat16: the upper half of a float

__device__ __forceinline__ float load(float stored) { return stored; }
__device__ __forceinline__ double load(double stored) { return stored; }
__device__ __forceinline__ float load(half_t stored) { return float_of_half(stored.bits); }
__device__ __forceinline__ float load(bfloat_t stored) { return __uint_as_float((unsigned)stored.bits << 16); }

__device__ __forceinline__ void store(float* place, float value) { *place = value; }
__device__ __forceinline__ void store(double* place, double value) { *place = value; }

__device__ __forceinline__ void store(half_t* place, float value) {
    half_t stored = {half_of_float(value)};
    *place = stored;
}

__device__ __forceinline__ void store(bfloat_t* place, float value) {
    unsigned bits = __float_as_uint(value);
    unsigned tie_to_even = (bits >> 16) & 1u;
    bool is_nan = value != value;  // rounding could carry a NaN over into an infinity
    bfloat_t stored = {(unsigned short)(is_nan ? 0x7fc0u : (bits + 0x7fffu + tie_to_even) >> 16)};
    *place = stored;
}

// NaN and infinity, without a header.
__device__ __forceinline__ value_t nan_value() { return (value_t)__uint_as_float(0x7fc00000u); }
__device__ __forceinline__ value_t infinity() { return (value_t)__uint_as_float(0x7f800000u); }

// The new maximum; once NaN, it stays, since no value is > NaN. Only NaN has value != value.
__device__ __forceinline__ value_t larger(value_t value, value_t best) {
    return value > best || value != value ? value : best;
}

// Elements between neighbours along each axis of (N, C, H, W): any layout is only other strides.
struct Strides { long long image, channel, row, column; };
