// The vector types, char1 .. double4, with CUDA's alignment.
#pragma once
#include "runtime.h"

// On a GPU, copying a float4 is one access of 16 bytes. In mode "check" the copy therefore tells the checker
// so, instead of the compiler's one access for each member; such a type needs constructors too, given behind
// its name.
#ifdef SIMT_CHECK
#define SIMT_COPIED_WHOLE(Type, ...)                                       \
    __VA_ARGS__                                                            \
    SIMT_ONE_ACCESS Type(const Type& other) {                              \
        SIMT_SEEN(&other, sizeof(Type), simt::READ);                       \
        __builtin_memcpy(static_cast<void*>(this), &other, sizeof(Type));  \
    }                                                                      \
    SIMT_ONE_ACCESS Type& operator=(const Type& other) {                   \
        SIMT_SEEN(&other, sizeof(Type), simt::READ);                       \
        SIMT_SEEN(this, sizeof(Type), simt::WRITE);                        \
        __builtin_memmove(static_cast<void*>(this), &other, sizeof(Type)); \
        return *this;                                                      \
    }
#else
#define SIMT_COPIED_WHOLE(Type, ...)
#endif

// Three members are copied one by one, on a GPU too.
#define SIMT_VECTOR_TYPES(T, name)                                                                  \
    struct name##1 { T x; };                                                                        \
    struct alignas(2 * sizeof(T)) name##2 {                                                         \
        T x, y;                                                                                     \
        SIMT_COPIED_WHOLE(name##2, name##2() = default; constexpr name##2(T x, T y) : x(x), y(y){}) \
    };                                                                                              \
    struct name##3 { T x, y, z; };                                                                  \
    struct alignas(4 * sizeof(T) < 16 ? 4 * sizeof(T) : 16) name##4 {                               \
        T x, y, z, w;                                                                               \
        SIMT_COPIED_WHOLE(name##4, name##4() = default;                                             \
                          constexpr name##4(T x, T y, T z, T w) : x(x), y(y), z(z), w(w){})         \
    };                                                                                              \
    SIMT_INLINE constexpr name##1 make_##name##1(T x) { return name##1 {x}; }                       \
    SIMT_INLINE constexpr name##2 make_##name##2(T x, T y) { return name##2 {x, y}; }               \
    SIMT_INLINE constexpr name##3 make_##name##3(T x, T y, T z) { return name##3 {x, y, z}; }       \
    SIMT_INLINE constexpr name##4 make_##name##4(T x, T y, T z, T w) { return name##4 {x, y, z, w}; }

SIMT_VECTOR_TYPES(signed char, char)
SIMT_VECTOR_TYPES(unsigned char, uchar)
SIMT_VECTOR_TYPES(short, short)
SIMT_VECTOR_TYPES(unsigned short, ushort)
SIMT_VECTOR_TYPES(int, int)
SIMT_VECTOR_TYPES(unsigned, uint)
SIMT_VECTOR_TYPES(long, long)
SIMT_VECTOR_TYPES(unsigned long, ulong)
SIMT_VECTOR_TYPES(long long, longlong)
SIMT_VECTOR_TYPES(unsigned long long, ulonglong)
SIMT_VECTOR_TYPES(float, float)
SIMT_VECTOR_TYPES(double, double)
