// CUDA C for a C++17 compiler: the words of the language and its built-in variables. It stands before a
// kernel's text.
#pragma once
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <limits>
#include <type_traits>
#include <utility>

#include "runtime.h"
#include "vectors.h"

// Where a function runs and a variable lies. There is one processor and one memory here, so most words mean
// nothing.
#define __global__
#define __device__
#define __host__
#define __constant__
#define __managed__
#define __grid_constant__
#define __launch_bounds__(...)
#define __maxnreg__(...)
#define __cluster_dims__(...)
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __align__(n) alignas(n)
#define __builtin_align__(n) alignas(n)

// A block's static shared variables. One OS thread runs all blocks in turn, so its own storage serves each of
// them; the linker puts it in one piece, which the engine fills before each block. (`extern __shared__`
// arrays are rewritten before the compiler sees them.)
#ifdef __clang__  // which would see that nobody writes to a variable, and leave it out
#define __shared__ thread_local __attribute__((used))
#else
#define __shared__ thread_local
#endif

#define __CUDACC__ 1
#define __CUDA_ARCH__ 750
#define __SIMT__ 1

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
    constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
    constexpr operator uint3() const { return uint3{x, y, z}; }
};

// The engine sets them before a thread runs; they never change under it.
extern const uint3 threadIdx, blockIdx;
extern const dim3 blockDim, gridDim;
constexpr int warpSize = 32;

#include "warp.h"
#include "atomics.h"
#include "intrinsics.h"
#include "entry.h"

#define printf(...) simt::print(__VA_ARGS__)

#ifdef SIMT_CHECK  // GCC tells the checker of each load and store, but not of the library's functions
extern "C" void* __tsan_memcpy(void*, const void*, size_t);
extern "C" void* __tsan_memmove(void*, const void*, size_t);
extern "C" void* __tsan_memset(void*, int, size_t);
#define memcpy(to, from, bytes) __tsan_memcpy(to, from, bytes)
#define memmove(to, from, bytes) __tsan_memmove(to, from, bytes)
#define memset(to, value, bytes) __tsan_memset(to, value, bytes)
#endif

#undef assert
#define assert(condition) ((condition) ? void(0) : simt::assertion_failed(#condition, __LINE__))
#define asm simt_has_no_inline_assembly
#define __asm__ simt_has_no_inline_assembly
#define __asm simt_has_no_inline_assembly
