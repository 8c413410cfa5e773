// Atomics. Only one thread runs at a time, so plain arithmetic is enough.
#pragma once
#include "runtime.h"

namespace simt {

// T, but not what the compiler deduces T from: in atomicAdd(&count, 1) the address alone says the type.
template <class T> struct Identity {
    using Type = T;
};
template <class T> using Given = typename Identity<T>::Type;

template <class T, class... Choices> constexpr bool is_one_of = (std::is_same<T, Choices>::value || ...);
template <class T> constexpr bool is_atomic_integer = is_one_of<T, int, unsigned, unsigned long long>;
template <class T>
constexpr bool is_atomic_number = is_atomic_integer<T> || is_one_of<T, float, double>;  // more in cuda_fp16.h

// As the hardware adds: an integer wraps around.
template <class T> SIMT_INLINE T wrapping_sum(T a, T b) {
    if constexpr (std::is_integral<T>::value) {
        using Unsigned = std::make_unsigned_t<T>;
        return T(Unsigned(a) + Unsigned(b));
    } else {
        return a + b;
    }
}

}  // namespace simt

template <class T> SIMT_ONE_ACCESS T atomicAdd(T* address, simt::Given<T> value) {
    static_assert(simt::is_atomic_number<T>,
                  "atomicAdd takes a pointer to int, unsigned, unsigned long long, float, double, __half or "
                  "__nv_bfloat16");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = simt::wrapping_sum(old, value);
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicSub(T* address, simt::Given<T> value) {
    static_assert(simt::is_one_of<T, int, unsigned>, "atomicSub takes a pointer to int or unsigned");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = T(unsigned(old) - unsigned(value));
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicMin(T* address, simt::Given<T> value) {
    static_assert(simt::is_one_of<T, int, unsigned, long long, unsigned long long>,
                  "atomicMin takes a pointer to int, unsigned, long long or unsigned long long");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = value < old ? value : old;
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicMax(T* address, simt::Given<T> value) {
    static_assert(simt::is_one_of<T, int, unsigned, long long, unsigned long long>,
                  "atomicMax takes a pointer to int, unsigned, long long or unsigned long long");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = old < value ? value : old;
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicExch(T* address, simt::Given<T> value) {
    static_assert(simt::is_one_of<T, int, unsigned, unsigned long long, float>,
                  "atomicExch takes a pointer to int, unsigned, unsigned long long or float");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = value;
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicCAS(T* address, simt::Given<T> compare, simt::Given<T> value) {
    static_assert(simt::is_one_of<T, int, unsigned, unsigned short, unsigned long long>,
                  "atomicCAS takes a pointer to int, unsigned, unsigned short or unsigned long long");
    SIMT_SEEN(address, sizeof(T), simt::COMPARE_AND_SWAP);
    T old = *address;
    *address = old == compare ? value : old;
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicAnd(T* address, simt::Given<T> value) {
    static_assert(simt::is_atomic_integer<T>,
                  "atomicAnd takes a pointer to int, unsigned or unsigned long long");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = old & value;
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicOr(T* address, simt::Given<T> value) {
    static_assert(simt::is_atomic_integer<T>,
                  "atomicOr takes a pointer to int, unsigned or unsigned long long");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = old | value;
    return old;
}

template <class T> SIMT_ONE_ACCESS T atomicXor(T* address, simt::Given<T> value) {
    static_assert(simt::is_atomic_integer<T>,
                  "atomicXor takes a pointer to int, unsigned or unsigned long long");
    SIMT_SEEN(address, sizeof(T), simt::ATOMIC);
    T old = *address;
    *address = old ^ value;
    return old;
}

// Counts up to `last`, then starts again from 0.
SIMT_ONE_ACCESS unsigned atomicInc(unsigned* address, unsigned last) {
    SIMT_SEEN(address, sizeof(unsigned), simt::ATOMIC);
    unsigned old = *address;
    *address = old >= last ? 0 : old + 1;
    return old;
}

SIMT_ONE_ACCESS unsigned atomicDec(unsigned* address, unsigned last) {
    SIMT_SEEN(address, sizeof(unsigned), simt::ATOMIC);
    unsigned old = *address;
    *address = old == 0 || old > last ? last : old - 1;
    return old;
}
