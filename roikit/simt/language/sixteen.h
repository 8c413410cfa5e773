// Numbers of 16 bits, __half and __nv_bfloat16: how they are rounded, and all that the two have in common.
#pragma once
#include "runtime.h"

namespace simt {

// The nearest number with `EXPONENT` and `MANTISSA` bits, ties to even, as sign, exponent and mantissa in 16
// bits. A float or a sum of two products of 16-bit numbers is a double exactly, so one rounding serves all.
template <int EXPONENT, int MANTISSA> inline unsigned short rounded(double x) {
    static_assert(1 + EXPONENT + MANTISSA == 16, "16 bits");
    constexpr int bias = (1 << (EXPONENT - 1)) - 1;
    constexpr int least = 1 - bias;  // the exponent of the smallest normal number
    constexpr uint64_t infinity = uint64_t((1 << EXPONENT) - 1) << MANTISSA;
    uint64_t bits = same_bits<uint64_t>(x);
    unsigned short sign = (unsigned short)(bits >> 63 << 15);
    uint64_t magnitude = bits & 0x7fffffffffffffffu;
    if (magnitude > 0x7ff0000000000000u) return 0x7fff;  // NaN, as the hardware makes it
    int exponent = int(magnitude >> 52) - 1023;
    if (exponent > bias) return (unsigned short)(sign | infinity);
    if (exponent < least - MANTISSA - 1) return sign;  // less than half of the smallest number

    // Below the normal numbers, each step down leaves one bit less of the mantissa.
    int dropped = 52 - MANTISSA + (exponent < least ? least - exponent : 0);
    uint64_t mantissa = (magnitude & 0xfffffffffffffu) | 0x10000000000000u;
    uint64_t kept = mantissa >> dropped;
    uint64_t rest = mantissa & ((uint64_t(1) << dropped) - 1);
    uint64_t half = uint64_t(1) << (dropped - 1);
    if (rest > half || (rest == half && (kept & 1) != 0)) kept++;
    // `kept` holds the leading 1 of a normal number, which the exponent stands for: it counts as one exponent
    // more, and so does a mantissa that was rounded up to the next power of two.
    uint64_t below = exponent < least ? 0 : uint64_t(exponent - least) << MANTISSA;
    return (unsigned short)(sign | (below + kept));
}

// a * b + c with one rounding to follow: the product is exact, and what the sum loses goes into its last bit,
// which decides ties.
inline double product_sum(double a, double b, double c) {
    double product = a * b;
    double sum = product + c;
    double other = sum - product;
    double lost = (product - (sum - other)) + (c - other);
    if (!(lost != 0) || !__builtin_isfinite(sum)) return sum;
    uint64_t bits = same_bits<uint64_t>(sum);
    if ((bits & 1) == 0) bits += (lost > 0) == (sum > 0) ? 1 : uint64_t(-1);
    return same_bits<double>(bits);
}

// True for __half and __nv_bfloat16, which specialise it.
template <class T> constexpr bool is_sixteen = false;
// The pair of them: __half2, __nv_bfloat162.
template <class T> constexpr bool is_pair = false;

template <class T> using Sixteen = std::enable_if_t<is_sixteen<T>, T>;
template <class T> using Pair = std::enable_if_t<is_pair<T>, T>;
template <class T, class Result> using OfSixteen = std::enable_if_t<is_sixteen<T>, Result>;

}  // namespace simt

// ---- arithmetic: in float, then rounded, which is as exact as rounding once
template <class T> SIMT_INLINE simt::Sixteen<T> operator+(T a, T b) { return T(float(a) + float(b)); }
template <class T> SIMT_INLINE simt::Sixteen<T> operator-(T a, T b) { return T(float(a) - float(b)); }
template <class T> SIMT_INLINE simt::Sixteen<T> operator*(T a, T b) { return T(float(a) * float(b)); }
template <class T> SIMT_INLINE simt::Sixteen<T> operator/(T a, T b) { return T(float(a) / float(b)); }
template <class T> SIMT_INLINE simt::Sixteen<T> operator-(T a) { return T(-float(a)); }
template <class T> SIMT_INLINE simt::Sixteen<T> operator+(T a) { return a; }
template <class T> SIMT_INLINE simt::Sixteen<T>& operator+=(T& a, simt::Given<T> b) { return a = a + b; }
template <class T> SIMT_INLINE simt::Sixteen<T>& operator-=(T& a, simt::Given<T> b) { return a = a - b; }
template <class T> SIMT_INLINE simt::Sixteen<T>& operator*=(T& a, simt::Given<T> b) { return a = a * b; }
template <class T> SIMT_INLINE simt::Sixteen<T>& operator/=(T& a, simt::Given<T> b) { return a = a / b; }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> operator==(T a, T b) { return float(a) == float(b); }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> operator!=(T a, T b) { return float(a) != float(b); }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> operator<(T a, T b) { return float(a) < float(b); }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> operator<=(T a, T b) { return float(a) <= float(b); }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> operator>(T a, T b) { return float(a) > float(b); }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> operator>=(T a, T b) { return float(a) >= float(b); }

// ---- the same by name
template <class T> SIMT_INLINE simt::Sixteen<T> __hadd(T a, T b) { return a + b; }
template <class T> SIMT_INLINE simt::Sixteen<T> __hsub(T a, T b) { return a - b; }
template <class T> SIMT_INLINE simt::Sixteen<T> __hmul(T a, T b) { return a * b; }
template <class T> SIMT_INLINE simt::Sixteen<T> __hdiv(T a, T b) { return a / b; }
template <class T> SIMT_INLINE simt::Sixteen<T> __hneg(T a) { return -a; }
template <class T> SIMT_INLINE simt::Sixteen<T> __habs(T a) { return T(fabsf(float(a))); }
template <class T> SIMT_INLINE simt::Sixteen<T> __hmin(T a, T b) { return T(fminf(float(a), float(b))); }
template <class T> SIMT_INLINE simt::Sixteen<T> __hmax(T a, T b) { return T(fmaxf(float(a), float(b))); }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __heq(T a, T b) { return a == b; }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __hne(T a, T b) {
    return float(a) < float(b) || a > b;
}
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __hlt(T a, T b) { return a < b; }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __hle(T a, T b) { return a <= b; }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __hgt(T a, T b) { return a > b; }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __hge(T a, T b) { return a >= b; }
template <class T> SIMT_INLINE simt::OfSixteen<T, bool> __hisnan(T a) { return float(a) != float(a); }

template <class T> SIMT_INLINE simt::OfSixteen<T, int> __hisinf(T a) {
    return isinf(float(a)) ? (float(a) > 0 ? 1 : -1) : 0;
}

template <class T> SIMT_INLINE simt::Sixteen<T> __hfma(T a, T b, T c) {
    return T(simt::product_sum(float(a), float(b), float(c)));
}

template <class T> SIMT_INLINE simt::Sixteen<T> __hadd_sat(T a, T b) {
    return T(__saturatef(float(a) + float(b)));
}

// ---- functions
template <class T> SIMT_INLINE simt::Sixteen<T> hsqrt(T a) { return T(sqrtf(float(a))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hrsqrt(T a) { return T(1.0 / sqrt(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hrcp(T a) { return T(1.0f / float(a)); }
template <class T> SIMT_INLINE simt::Sixteen<T> hexp(T a) { return T(exp(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hexp2(T a) { return T(exp2(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hlog(T a) { return T(log(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hlog2(T a) { return T(log2(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hsin(T a) { return T(sin(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hcos(T a) { return T(cos(double(float(a)))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hfloor(T a) { return T(floorf(float(a))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hceil(T a) { return T(ceilf(float(a))); }
template <class T> SIMT_INLINE simt::Sixteen<T> htrunc(T a) { return T(truncf(float(a))); }
template <class T> SIMT_INLINE simt::Sixteen<T> hrint(T a) { return T(rintf(float(a))); }

// ---- pairs: each half for itself
template <class P> SIMT_INLINE simt::Pair<P> operator+(P a, P b) { return P(a.x + b.x, a.y + b.y); }
template <class P> SIMT_INLINE simt::Pair<P> operator-(P a, P b) { return P(a.x - b.x, a.y - b.y); }
template <class P> SIMT_INLINE simt::Pair<P> operator*(P a, P b) { return P(a.x * b.x, a.y * b.y); }
template <class P> SIMT_INLINE simt::Pair<P> operator/(P a, P b) { return P(a.x / b.x, a.y / b.y); }
template <class P> SIMT_INLINE simt::Pair<P> operator-(P a) { return P(-a.x, -a.y); }
template <class P> SIMT_INLINE simt::Pair<P>& operator+=(P& a, simt::Given<P> b) { return a = a + b; }
template <class P> SIMT_INLINE simt::Pair<P>& operator-=(P& a, simt::Given<P> b) { return a = a - b; }
template <class P> SIMT_INLINE simt::Pair<P>& operator*=(P& a, simt::Given<P> b) { return a = a * b; }
template <class P> SIMT_INLINE simt::Pair<P> __hadd2(P a, P b) { return a + b; }
template <class P> SIMT_INLINE simt::Pair<P> __hsub2(P a, P b) { return a - b; }
template <class P> SIMT_INLINE simt::Pair<P> __hmul2(P a, P b) { return a * b; }
template <class P> SIMT_INLINE simt::Pair<P> __h2div(P a, P b) { return a / b; }
template <class P> SIMT_INLINE simt::Pair<P> __hneg2(P a) { return -a; }
template <class P> SIMT_INLINE simt::Pair<P> __habs2(P a) { return P(__habs(a.x), __habs(a.y)); }
template <class P> SIMT_INLINE simt::Pair<P> __hmin2(P a, P b) {
    return P(__hmin(a.x, b.x), __hmin(a.y, b.y));
}
template <class P> SIMT_INLINE simt::Pair<P> __hmax2(P a, P b) {
    return P(__hmax(a.x, b.x), __hmax(a.y, b.y));
}

template <class P> SIMT_INLINE simt::Pair<P> __hfma2(P a, P b, P c) {
    return P(__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y));
}

template <class P> SIMT_INLINE simt::Pair<P> __lowhigh2highlow(P a) { return P(a.y, a.x); }
template <class P> SIMT_INLINE simt::Pair<P> __lows2half2(P a, P b) { return P(a.x, b.x); }
template <class P> SIMT_INLINE simt::Pair<P> __highs2half2(P a, P b) { return P(a.y, b.y); }
template <class P, class = simt::Pair<P>> SIMT_INLINE float __low2float(P a) { return float(a.x); }
template <class P, class = simt::Pair<P>> SIMT_INLINE float __high2float(P a) { return float(a.y); }
