// How the engine calls the kernel, and what it can know of the kernel's parameters.
#pragma once
#include <stddef.h>

#include "../engine/parameter.h"

namespace simt {

// The name of a type, as the compiler spells it.
template <class T> const char* spelled() {
    return __PRETTY_FUNCTION__;  // "const char* simt::spelled() [with T = const float*]"
}

template <class T> constexpr Kind kind_of() {
    using Plain = std::remove_cv_t<T>;
    if (std::is_same<Plain, bool>::value) return Kind::BOOLEAN;
    if (std::is_void<Plain>::value) return Kind::BYTES;
    if (std::is_floating_point<Plain>::value) return Kind::FLOAT;
    if (std::is_integral<Plain>::value || std::is_enum<Plain>::value) {
        return std::is_unsigned<Plain>::value ? Kind::UNSIGNED : Kind::INTEGER;
    }
    return Kind::STRUCTURE;
}

template <class T> constexpr int size_of() {
    if constexpr (std::is_void<T>::value) {
        return 1;
    } else {
        return int(sizeof(T));
    }
}

template <class P> Parameter describe() {
    static_assert(!std::is_reference<P>::value, "a kernel's parameter cannot be a reference");
    using Element = std::remove_pointer_t<P>;
    constexpr bool pointer = std::is_pointer<P>::value;
    return {spelled<P>(),
            spelled<std::remove_cv_t<Element>>(),
            pointer,
            pointer && std::is_const<Element>::value,
            kind_of<Element>(),
            size_of<Element>()};
}

template <class... P> int describe(void (*)(P...), const Parameter** table) {
    static const Parameter parameters[sizeof...(P) + 1] = {describe<P>()...};
    *table = parameters;
    return int(sizeof...(P));
}

// The checker shall see what the kernel does, not how its arguments reach it.
template <class... P, size_t... I>
__attribute__((no_sanitize("thread"))) void call(void (*kernel)(P...), void** arguments,
                                                 std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<P>*>(arguments[I])...);
}

template <class... P>
__attribute__((no_sanitize("thread"))) void call(void (*kernel)(P...), void** arguments) {
    call(kernel, arguments, std::index_sequence_for<P...>{});
}

}  // namespace simt

// Stands behind the kernel's text; the name may hold commas: k<float, 4>. It is looked up outside of
// namespace simt, which has a sum() of its own.
#define SIMT_ENTRY(...)                                                                                  \
    static void call_it(void** arguments) { simt::call(__VA_ARGS__, arguments); }                        \
    static int describe_it(const simt::Parameter** table) { return simt::describe(__VA_ARGS__, table); } \
    void simt::call_kernel(void** arguments) { ::call_it(arguments); }                                   \
    int simt::kernel_parameters(const simt::Parameter** table) { return ::describe_it(table); }
