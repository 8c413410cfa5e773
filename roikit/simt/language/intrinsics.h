// The functions CUDA adds to C's mathematics: least and greatest, conversions, bits, cached loads.
#pragma once
#include "runtime.h"

// ---- min and max: of any two numbers; of floats as fmin and fmax, which pass over a NaN
namespace simt {
template <class A, class B>
using Common =
    std::enable_if_t<std::is_arithmetic<A>::value && std::is_arithmetic<B>::value, std::common_type_t<A, B>>;
}

template <class A, class B> SIMT_INLINE constexpr simt::Common<A, B> min(A a, B b) {
    using T = simt::Common<A, B>;
    if constexpr (std::is_floating_point<T>::value) {
        return T(sizeof(T) == 4 ? __builtin_fminf(a, b) : __builtin_fmin(a, b));
    } else {
        return T(b) < T(a) ? T(b) : T(a);
    }
}

template <class A, class B> SIMT_INLINE constexpr simt::Common<A, B> max(A a, B b) {
    using T = simt::Common<A, B>;
    if constexpr (std::is_floating_point<T>::value) {
        return T(sizeof(T) == 4 ? __builtin_fmaxf(a, b) : __builtin_fmax(a, b));
    } else {
        return T(a) < T(b) ? T(b) : T(a);
    }
}

// ---- functions that C lacks
SIMT_INLINE float rsqrtf(float x) { return 1.0f / sqrtf(x); }
SIMT_INLINE double rsqrt(double x) { return 1.0 / sqrt(x); }
SIMT_INLINE float rcbrtf(float x) { return 1.0f / cbrtf(x); }
SIMT_INLINE double rcbrt(double x) { return 1.0 / cbrt(x); }
SIMT_INLINE float sinpif(float x) { return float(sin(M_PI * fmod(x, 2.0))); }
SIMT_INLINE double sinpi(double x) { return sin(M_PI * fmod(x, 2.0)); }
SIMT_INLINE float cospif(float x) { return float(cos(M_PI * fmod(x, 2.0))); }
SIMT_INLINE double cospi(double x) { return cos(M_PI * fmod(x, 2.0)); }
SIMT_INLINE float norm3df(float a, float b, float c) { return sqrtf(a * a + b * b + c * c); }
SIMT_INLINE float norm4df(float a, float b, float c, float d) { return sqrtf(a * a + b * b + c * c + d * d); }
SIMT_INLINE float rhypotf(float a, float b) { return 1.0f / hypotf(a, b); }
SIMT_INLINE float normcdff(float x) { return 0.5f * erfcf(-x * 0.70710678f); }
SIMT_INLINE float fdividef(float a, float b) { return a / b; }
SIMT_INLINE double fdivide(double a, double b) { return a / b; }

// ---- the fast, less exact functions; exact here
SIMT_INLINE float __fdividef(float a, float b) { return a / b; }
SIMT_INLINE float __expf(float x) { return expf(x); }
SIMT_INLINE float __exp10f(float x) { return powf(10.0f, x); }
SIMT_INLINE float __logf(float x) { return logf(x); }
SIMT_INLINE float __log2f(float x) { return log2f(x); }
SIMT_INLINE float __log10f(float x) { return log10f(x); }
SIMT_INLINE float __powf(float x, float y) { return powf(x, y); }
SIMT_INLINE float __sinf(float x) { return sinf(x); }
SIMT_INLINE float __cosf(float x) { return cosf(x); }
SIMT_INLINE float __tanf(float x) { return tanf(x); }
SIMT_INLINE float __tanhf(float x) { return tanhf(x); }
SIMT_INLINE float __saturatef(float x) { return x > 0 ? (x < 1 ? x : 1.0f) : 0.0f; }  // NaN becomes 0

SIMT_INLINE void __sincosf(float x, float* sine, float* cosine) {
    *sine = sinf(x);
    *cosine = cosf(x);
}

// ---- arithmetic that is never fused; the kernel is compiled without fusing anyway
SIMT_INLINE float __fadd_rn(float a, float b) { return a + b; }
SIMT_INLINE float __fsub_rn(float a, float b) { return a - b; }
SIMT_INLINE float __fmul_rn(float a, float b) { return a * b; }
SIMT_INLINE float __fdiv_rn(float a, float b) { return a / b; }
SIMT_INLINE float __frcp_rn(float a) { return 1.0f / a; }
SIMT_INLINE float __fsqrt_rn(float a) { return sqrtf(a); }
SIMT_INLINE float __frsqrt_rn(float a) { return float(1.0 / sqrt(double(a))); }
SIMT_INLINE float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
SIMT_INLINE double __dadd_rn(double a, double b) { return a + b; }
SIMT_INLINE double __dsub_rn(double a, double b) { return a - b; }
SIMT_INLINE double __dmul_rn(double a, double b) { return a * b; }
SIMT_INLINE double __ddiv_rn(double a, double b) { return a / b; }
SIMT_INLINE double __drcp_rn(double a) { return 1.0 / a; }
SIMT_INLINE double __dsqrt_rn(double a) { return sqrt(a); }
SIMT_INLINE double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

// ---- numbers to integers: what does not fit becomes the nearest integer that does, and NaN becomes 0
namespace simt {
template <class Integer> SIMT_INLINE Integer saturated(double whole) {
    constexpr Integer least = std::numeric_limits<Integer>::min();
    constexpr Integer greatest = std::numeric_limits<Integer>::max();
    if (whole != whole) return 0;
    if (whole <= double(least)) return least;
    if (whole >= double(greatest)) return greatest;  // double(2^63 - 1) is 2^63
    return Integer(whole);
}
}  // namespace simt

#define SIMT_ROUNDINGS(from, From, name, Integer)                                                     \
    SIMT_INLINE Integer __##from##2##name##_rn(From x) { return simt::saturated<Integer>(rint(x)); }  \
    SIMT_INLINE Integer __##from##2##name##_rz(From x) { return simt::saturated<Integer>(trunc(x)); } \
    SIMT_INLINE Integer __##from##2##name##_rd(From x) { return simt::saturated<Integer>(floor(x)); } \
    SIMT_INLINE Integer __##from##2##name##_ru(From x) { return simt::saturated<Integer>(ceil(x)); }
SIMT_ROUNDINGS(float, float, int, int)
SIMT_ROUNDINGS(float, float, uint, unsigned)
SIMT_ROUNDINGS(float, float, ll, long long)
SIMT_ROUNDINGS(float, float, ull, unsigned long long)
SIMT_ROUNDINGS(double, double, int, int)
SIMT_ROUNDINGS(double, double, uint, unsigned)
SIMT_ROUNDINGS(double, double, ll, long long)
SIMT_ROUNDINGS(double, double, ull, unsigned long long)

SIMT_INLINE float __int2float_rn(int x) { return float(x); }
SIMT_INLINE float __uint2float_rn(unsigned x) { return float(x); }
SIMT_INLINE float __ll2float_rn(long long x) { return float(x); }
SIMT_INLINE float __ull2float_rn(unsigned long long x) { return float(x); }
SIMT_INLINE double __int2double_rn(int x) { return x; }
SIMT_INLINE double __uint2double_rn(unsigned x) { return x; }
SIMT_INLINE double __ll2double_rn(long long x) { return double(x); }
SIMT_INLINE float __double2float_rn(double x) { return float(x); }

// ---- the same bits as another type
namespace simt {
template <class To, class From> SIMT_INLINE To same_bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "the same bits, the same size");
    To to;
    __builtin_memcpy(&to, &from, sizeof(To));
    return to;
}
}  // namespace simt

SIMT_INLINE int __float_as_int(float x) { return simt::same_bits<int>(x); }
SIMT_INLINE unsigned __float_as_uint(float x) { return simt::same_bits<unsigned>(x); }
SIMT_INLINE float __int_as_float(int x) { return simt::same_bits<float>(x); }
SIMT_INLINE float __uint_as_float(unsigned x) { return simt::same_bits<float>(x); }
SIMT_INLINE long long __double_as_longlong(double x) { return simt::same_bits<long long>(x); }
SIMT_INLINE double __longlong_as_double(long long x) { return simt::same_bits<double>(x); }
SIMT_INLINE int __double2hiint(double x) { return int(__double_as_longlong(x) >> 32); }
SIMT_INLINE int __double2loint(double x) { return int(__double_as_longlong(x)); }

SIMT_INLINE double __hiloint2double(int high, int low) {
    return __longlong_as_double((long long)((uint64_t(unsigned(high)) << 32) | unsigned(low)));
}

// ---- bits of integers
SIMT_INLINE int __popc(unsigned x) { return __builtin_popcount(x); }
SIMT_INLINE int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
SIMT_INLINE int __clz(int x) { return x == 0 ? 32 : __builtin_clz(unsigned(x)); }
SIMT_INLINE int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll((unsigned long long)x); }
SIMT_INLINE int __ffs(int x) { return __builtin_ffs(x); }
SIMT_INLINE int __ffsll(long long x) { return __builtin_ffsll(x); }

inline unsigned __brev(unsigned x) {
    unsigned reversed = 0;
    for (int bit = 0; bit < 32; bit++) reversed |= (x >> bit & 1u) << (31 - bit);
    return reversed;
}

inline unsigned long long __brevll(unsigned long long x) {
    return (unsigned long long)__brev(unsigned(x)) << 32 | __brev(unsigned(x >> 32));
}

SIMT_INLINE int __mul24(int a, int b) { return int(unsigned(a << 8 >> 8) * unsigned(b << 8 >> 8)); }
SIMT_INLINE unsigned __umul24(unsigned a, unsigned b) { return (a & 0xffffffu) * (b & 0xffffffu); }
SIMT_INLINE int __mulhi(int a, int b) { return int((long long)a * b >> 32); }
SIMT_INLINE unsigned __umulhi(unsigned a, unsigned b) { return unsigned(uint64_t(a) * b >> 32); }
SIMT_INLINE long long __mul64hi(long long a, long long b) { return (long long)((__int128)a * b >> 64); }

SIMT_INLINE unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}

SIMT_INLINE unsigned __sad(int a, int b, unsigned c) {
    return c + (a > b ? unsigned(a) - b : unsigned(b) - a);
}
SIMT_INLINE unsigned __usad(unsigned a, unsigned b, unsigned c) { return c + (a > b ? a - b : b - a); }
SIMT_INLINE int __hadd(int a, int b) { return int(((long long)a + b) >> 1); }
SIMT_INLINE int __rhadd(int a, int b) { return int(((long long)a + b + 1) >> 1); }

SIMT_INLINE unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
    return unsigned((uint64_t(high) << 32 | low) << (shift & 31) >> 32);
}

SIMT_INLINE unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
    return unsigned((uint64_t(high) << 32 | low) >> (shift & 31));
}

// Four bytes out of the eight of (high, low), chosen by the digits of `selector`.
inline unsigned __byte_perm(unsigned low, unsigned high, unsigned selector) {
    uint64_t bytes = uint64_t(high) << 32 | low;
    unsigned result = 0;
    for (int i = 0; i < 4; i++) {
        unsigned digit = selector >> (4 * i);
        unsigned byte = unsigned(bytes >> (8 * (digit & 7))) & 0xff;
        if (digit & 8) byte = byte & 0x80 ? 0xff : 0;  // its sign, eight times
        result |= byte << (8 * i);
    }
    return result;
}

// ---- loads and stores that say how to cache: plain ones here
template <class T> SIMT_INLINE T __ldg(const T* address) { return *address; }
template <class T> SIMT_INLINE T __ldca(const T* address) { return *address; }
template <class T> SIMT_INLINE T __ldcg(const T* address) { return *address; }
template <class T> SIMT_INLINE T __ldcs(const T* address) { return *address; }
template <class T> SIMT_INLINE T __ldcv(const T* address) { return *address; }
template <class T> SIMT_INLINE T __ldlu(const T* address) { return *address; }
template <class T> SIMT_INLINE void __stwb(T* address, simt::Given<T> value) { *address = value; }
template <class T> SIMT_INLINE void __stcg(T* address, simt::Given<T> value) { *address = value; }
template <class T> SIMT_INLINE void __stcs(T* address, simt::Given<T> value) { *address = value; }
template <class T> SIMT_INLINE void __stwt(T* address, simt::Given<T> value) { *address = value; }

// ---- the rest
SIMT_INLINE long long clock64() { return (long long)simt::clock(); }
SIMT_INLINE unsigned long long __globaltimer() { return simt::clock(); }
SIMT_INLINE void __nanosleep(unsigned) {}
SIMT_INLINE void __trap(int line = __builtin_LINE()) { simt::trap(line); }
SIMT_INLINE void __assume(bool condition) {
    if (!condition) __builtin_unreachable();
}
#define __builtin_assume(condition) __assume(condition)
