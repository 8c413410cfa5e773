// Barriers, and what the lanes of a warp do together. Each takes its caller's line by a default argument.
#pragma once
#include "runtime.h"

SIMT_INLINE void __syncthreads(int line = __builtin_LINE()) { simt::block_barrier(line); }

SIMT_INLINE int __syncthreads_count(int predicate, int line = __builtin_LINE()) {
    return simt::block_vote(predicate, simt::Vote::COUNT, line);
}

SIMT_INLINE int __syncthreads_and(int predicate, int line = __builtin_LINE()) {
    return simt::block_vote(predicate, simt::Vote::ALL, line);
}

SIMT_INLINE int __syncthreads_or(int predicate, int line = __builtin_LINE()) {
    return simt::block_vote(predicate, simt::Vote::ANY, line);
}

SIMT_INLINE void __syncwarp(unsigned mask = 0xffffffffu, int line = __builtin_LINE()) {
    simt::warp_barrier(mask, line);
}

// Other threads run only while this one waits at a barrier, so what it wrote is always there for them: a
// fence is nothing but a word to the checker.
SIMT_INLINE void __threadfence() { SIMT_FENCED(); }
SIMT_INLINE void __threadfence_block() { SIMT_FENCED(); }
SIMT_INLINE void __threadfence_system() { SIMT_FENCED(); }

namespace simt {

// A value as the 64 bits that lanes exchange.
template <class T> SIMT_INLINE uint64_t to_bits(T value) {
    static_assert(sizeof(T) <= 8, "lanes of a warp exchange values of at most 8 bytes");
    uint64_t bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(T));
    return bits;
}

template <class T> SIMT_INLINE T from_bits(uint64_t bits) {
    T value;
    __builtin_memcpy(static_cast<void*>(&value), &bits, sizeof(T));
    return value;
}

// The value of lane `source`; where that lies outside [first, end), the lane's own part of the warp, its own
// value.
template <class T> SIMT_INLINE T shuffle(unsigned mask, T value, int source, int first, int end, int line) {
    int from = source >= first && source < end ? source : lane();
    return from_bits<T>(warp_shuffle(mask, to_bits(value), from, line));
}

SIMT_INLINE int first_of_part(int width) { return lane() & ~(width - 1); }

}  // namespace simt

template <class T>
SIMT_INLINE T __shfl_sync(unsigned mask, T value, int source, int width = 32, int line = __builtin_LINE()) {
    int first = simt::first_of_part(width);
    return simt::shuffle(mask, value, first + (source & (width - 1)), first, first + width, line);
}

template <class T>
SIMT_INLINE T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                             int line = __builtin_LINE()) {
    int first = simt::first_of_part(width);
    return simt::shuffle(mask, value, simt::lane() - int(delta), first, first + width, line);
}

template <class T>
SIMT_INLINE T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                               int line = __builtin_LINE()) {
    int first = simt::first_of_part(width);
    return simt::shuffle(mask, value, simt::lane() + int(delta), first, first + width, line);
}

// A lane may read from the parts before its own, not from those behind it.
template <class T>
SIMT_INLINE T __shfl_xor_sync(unsigned mask, T value, int flip, int width = 32, int line = __builtin_LINE()) {
    int first = simt::first_of_part(width);
    return simt::shuffle(mask, value, simt::lane() ^ flip, 0, first + width, line);
}

SIMT_INLINE unsigned __ballot_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
    uint64_t mine = predicate != 0 ? uint64_t(1) << simt::lane() : 0;
    return unsigned(simt::warp_reduce(mask, mine, [](uint64_t a, uint64_t b) { return a | b; }, line));
}

SIMT_INLINE int __any_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
    return __ballot_sync(mask, predicate, line) != 0;
}

SIMT_INLINE int __all_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
    return __ballot_sync(mask, !predicate, line) == 0;
}

SIMT_INLINE unsigned __activemask(int line = __builtin_LINE()) { return simt::converged_lanes(line); }

template <class T>
SIMT_INLINE unsigned __match_any_sync(unsigned mask, T value, int line = __builtin_LINE()) {
    return simt::warp_match(mask, simt::to_bits(value), line);
}

template <class T>
SIMT_INLINE unsigned __match_all_sync(unsigned mask, T value, int* all, int line = __builtin_LINE()) {
    unsigned same = simt::warp_match(mask, simt::to_bits(value), line);
    *all = __all_sync(mask, same == __ballot_sync(mask, 1, line), line);
    return *all ? mask : 0;
}

namespace simt {

template <class T> SIMT_INLINE T reduce(unsigned mask, T value, Combine combine, int line) {
    return from_bits<T>(warp_reduce(mask, to_bits(value), combine, line));
}

template <class T> uint64_t sum(uint64_t a, uint64_t b) {
    return to_bits(T(from_bits<T>(a) + from_bits<T>(b)));
}
template <class T> uint64_t least(uint64_t a, uint64_t b) {
    return from_bits<T>(b) < from_bits<T>(a) ? b : a;
}
template <class T> uint64_t most(uint64_t a, uint64_t b) { return from_bits<T>(a) < from_bits<T>(b) ? b : a; }
inline uint64_t bits_and(uint64_t a, uint64_t b) { return a & b; }
inline uint64_t bits_or(uint64_t a, uint64_t b) { return a | b; }
inline uint64_t bits_xor(uint64_t a, uint64_t b) { return a ^ b; }

}  // namespace simt

// int and unsigned
template <class T> SIMT_INLINE T __reduce_add_sync(unsigned mask, T value, int line = __builtin_LINE()) {
    return T(simt::reduce(mask, unsigned(value), simt::sum<unsigned>, line));
}

template <class T> SIMT_INLINE T __reduce_min_sync(unsigned mask, T value, int line = __builtin_LINE()) {
    return simt::reduce(mask, value, simt::least<T>, line);
}

template <class T> SIMT_INLINE T __reduce_max_sync(unsigned mask, T value, int line = __builtin_LINE()) {
    return simt::reduce(mask, value, simt::most<T>, line);
}

SIMT_INLINE unsigned __reduce_and_sync(unsigned mask, unsigned value, int line = __builtin_LINE()) {
    return simt::reduce(mask, value, simt::bits_and, line);
}

SIMT_INLINE unsigned __reduce_or_sync(unsigned mask, unsigned value, int line = __builtin_LINE()) {
    return simt::reduce(mask, value, simt::bits_or, line);
}

SIMT_INLINE unsigned __reduce_xor_sync(unsigned mask, unsigned value, int line = __builtin_LINE()) {
    return simt::reduce(mask, value, simt::bits_xor, line);
}
