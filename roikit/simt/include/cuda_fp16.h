// Half precision: 1 bit of sign, 5 of exponent, 10 of mantissa.
#pragma once
#include "../language/sixteen.h"

struct __half_raw {
    unsigned short x;
};

struct __half {
    unsigned short bits;

    __half() = default;
    __half(__half_raw raw) : bits(raw.x) {}
    __half(double x) : bits(simt::rounded<5, 10>(x)) {}
    __half(float x) : __half(double(x)) {}
    __half(int x) : __half(double(x)) {}
    __half(unsigned x) : __half(double(x)) {}
    __half(short x) : __half(double(x)) {}
    __half(unsigned short x) : __half(double(x)) {}
    __half(long long x) : __half(double(x)) {}
    __half(unsigned long long x) : __half(double(x)) {}

    operator float() const {
        unsigned sign = unsigned(bits & 0x8000) << 16;
        unsigned magnitude = unsigned(bits & 0x7fff) << 13;
        if (magnitude >= 0x0f800000u)
            return simt::same_bits<float>(sign | 0x70000000u | magnitude);  // infinite, NaN
        // The bits read as a float are 2^112 times too small, also where they are below the normal numbers.
        float scaled = simt::same_bits<float>(magnitude) * 0x1p112f;
        return simt::same_bits<float>(sign | simt::same_bits<unsigned>(scaled));
    }

    operator __half_raw() const { return {bits}; }
};

struct alignas(4) __half2 {
    __half x, y;
    __half2() = default;
    __half2(__half x, __half y) : x(x), y(y) {}
    SIMT_COPIED_WHOLE(__half2)
};

typedef __half half;
typedef __half2 half2;

template <> constexpr bool simt::is_sixteen<__half> = true;
template <> constexpr bool simt::is_pair<__half2> = true;
template <> constexpr bool simt::is_atomic_number<__half> = true;
template <> constexpr bool simt::is_atomic_number<__half2> = true;

SIMT_INLINE __half make_half(float x) { return __half(x); }
SIMT_INLINE __half2 make_half2(__half x, __half y) { return __half2(x, y); }
SIMT_INLINE __half __float2half(float x) { return __half(x); }
SIMT_INLINE __half __float2half_rn(float x) { return __half(x); }
SIMT_INLINE __half __double2half(double x) { return __half(x); }
SIMT_INLINE float __half2float(__half x) { return float(x); }
SIMT_INLINE __half __int2half_rn(int x) { return __half(x); }
SIMT_INLINE __half __uint2half_rn(unsigned x) { return __half(x); }
SIMT_INLINE int __half2int_rn(__half x) { return __float2int_rn(float(x)); }
SIMT_INLINE int __half2int_rz(__half x) { return __float2int_rz(float(x)); }
SIMT_INLINE int __half2int_rd(__half x) { return __float2int_rd(float(x)); }
SIMT_INLINE int __half2int_ru(__half x) { return __float2int_ru(float(x)); }
SIMT_INLINE unsigned short __half_as_ushort(__half x) { return x.bits; }
SIMT_INLINE short __half_as_short(__half x) { return short(x.bits); }
SIMT_INLINE __half __ushort_as_half(unsigned short bits) { return __half(__half_raw{bits}); }
SIMT_INLINE __half __short_as_half(short bits) { return __ushort_as_half((unsigned short)bits); }

SIMT_INLINE __half2 __halves2half2(__half x, __half y) { return __half2(x, y); }
SIMT_INLINE __half2 __half2half2(__half x) { return __half2(x, x); }
SIMT_INLINE __half2 __float2half2_rn(float x) { return __half2(__half(x), __half(x)); }
SIMT_INLINE __half2 __floats2half2_rn(float x, float y) { return __half2(__half(x), __half(y)); }
SIMT_INLINE __half2 __float22half2_rn(float2 v) { return __half2(__half(v.x), __half(v.y)); }
SIMT_INLINE float2 __half22float2(__half2 v) { return make_float2(float(v.x), float(v.y)); }
SIMT_INLINE __half __low2half(__half2 v) { return v.x; }
SIMT_INLINE __half __high2half(__half2 v) { return v.y; }
SIMT_INLINE __half2 __low2half2(__half2 v) { return __half2(v.x, v.x); }
SIMT_INLINE __half2 __high2half2(__half2 v) { return __half2(v.y, v.y); }
