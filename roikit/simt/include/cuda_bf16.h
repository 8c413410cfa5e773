// The upper half of a float: 1 bit of sign, 8 of exponent, 7 of mantissa.
#pragma once
#include "../language/sixteen.h"

struct __nv_bfloat16_raw {
    unsigned short x;
};

struct __nv_bfloat16 {
    unsigned short bits;

    __nv_bfloat16() = default;
    __nv_bfloat16(__nv_bfloat16_raw raw) : bits(raw.x) {}
    __nv_bfloat16(double x) : bits(simt::rounded<8, 7>(x)) {}
    __nv_bfloat16(float x) : __nv_bfloat16(double(x)) {}
    __nv_bfloat16(int x) : __nv_bfloat16(double(x)) {}
    __nv_bfloat16(unsigned x) : __nv_bfloat16(double(x)) {}
    __nv_bfloat16(short x) : __nv_bfloat16(double(x)) {}
    __nv_bfloat16(unsigned short x) : __nv_bfloat16(double(x)) {}
    __nv_bfloat16(long long x) : __nv_bfloat16(double(x)) {}
    __nv_bfloat16(unsigned long long x) : __nv_bfloat16(double(x)) {}

    operator float() const { return simt::same_bits<float>(unsigned(bits) << 16); }
    operator __nv_bfloat16_raw() const { return {bits}; }
};

struct alignas(4) __nv_bfloat162 {
    __nv_bfloat16 x, y;
    __nv_bfloat162() = default;
    __nv_bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) : x(x), y(y) {}
    SIMT_COPIED_WHOLE(__nv_bfloat162)
};

typedef __nv_bfloat16 nv_bfloat16;
typedef __nv_bfloat162 nv_bfloat162;

template <> constexpr bool simt::is_sixteen<__nv_bfloat16> = true;
template <> constexpr bool simt::is_pair<__nv_bfloat162> = true;
template <> constexpr bool simt::is_atomic_number<__nv_bfloat16> = true;
template <> constexpr bool simt::is_atomic_number<__nv_bfloat162> = true;

SIMT_INLINE __nv_bfloat162 make_bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) { return __nv_bfloat162(x, y); }
SIMT_INLINE __nv_bfloat16 __float2bfloat16(float x) { return __nv_bfloat16(x); }
SIMT_INLINE __nv_bfloat16 __float2bfloat16_rn(float x) { return __nv_bfloat16(x); }
SIMT_INLINE __nv_bfloat16 __double2bfloat16(double x) { return __nv_bfloat16(x); }
SIMT_INLINE float __bfloat162float(__nv_bfloat16 x) { return float(x); }
SIMT_INLINE __nv_bfloat16 __int2bfloat16_rn(int x) { return __nv_bfloat16(x); }
SIMT_INLINE int __bfloat162int_rn(__nv_bfloat16 x) { return __float2int_rn(float(x)); }
SIMT_INLINE int __bfloat162int_rz(__nv_bfloat16 x) { return __float2int_rz(float(x)); }
SIMT_INLINE unsigned short __bfloat16_as_ushort(__nv_bfloat16 x) { return x.bits; }
SIMT_INLINE short __bfloat16_as_short(__nv_bfloat16 x) { return short(x.bits); }

SIMT_INLINE __nv_bfloat16 __ushort_as_bfloat16(unsigned short bits) {
    return __nv_bfloat16(__nv_bfloat16_raw{bits});
}

SIMT_INLINE __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 x, __nv_bfloat16 y) {
    return __nv_bfloat162(x, y);
}
SIMT_INLINE __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 x) { return __nv_bfloat162(x, x); }
SIMT_INLINE __nv_bfloat162 __float2bfloat162_rn(float x) { return __nv_bfloat162(x, x); }
SIMT_INLINE __nv_bfloat162 __floats2bfloat162_rn(float x, float y) { return __nv_bfloat162(x, y); }
SIMT_INLINE __nv_bfloat162 __float22bfloat162_rn(float2 v) { return __nv_bfloat162(v.x, v.y); }
SIMT_INLINE float2 __bfloat1622float2(__nv_bfloat162 v) { return make_float2(float(v.x), float(v.y)); }
SIMT_INLINE __nv_bfloat16 __low2bfloat16(__nv_bfloat162 v) { return v.x; }
SIMT_INLINE __nv_bfloat16 __high2bfloat16(__nv_bfloat162 v) { return v.y; }
