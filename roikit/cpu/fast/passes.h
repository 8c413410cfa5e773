/* RoIAlign as two passes, and a choice of processor.

   The average of a bin's samples is linear in the map, and a sample's weight is a product of one weight along
   y and one along x. So all bins of a RoI, on one channel, are  W_y · X · W_xᵀ  with X the window of the map
   that the RoI reads and one sparse matrix for each axis: bin p has in W the cells that its samples tap, each
   with the sum of its weights. The gradient of the map is  W_yᵀ · G · W_x: the same passes with the matrices
   transposed. The outside rule is in the matrices: a sample off the map has no cells there.

     rows:     whole rows are added up, lanes = neighbouring columns, which lie beside each other in memory
     columns:  lanes = outputs; each picks its cells out of the row, which a few vectors hold
*/

#ifndef ROIKIT_PASSES_H
#define ROIKIT_PASSES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* W_y. Each output has `depth` taps; those that it lacks have the weight 0. */
typedef struct {
    int32_t outputs, depth;
    const int32_t *cell; /* outputs x depth, from the window's first row */
    const void *weight;  /* outputs x depth */
} Rows;

/* Up to LANES columns of W_x, which read `span` cells from `first` on. */
typedef struct {
    int32_t outputs, depth, first, span;
    const int32_t *cell; /* depth x LANES, from `first` */
    const void *weight;  /* depth x LANES */
} Group;

typedef struct {
    int lanes;
    void (*rows_sum)(const Rows *, const void *in, ptrdiff_t in_stride, void *out, ptrdiff_t out_stride,
                     ptrdiff_t width, int add);
    void (*columns_sum)(const Group *, int32_t count, const void *in, ptrdiff_t in_stride, void *out,
                        ptrdiff_t out_stride, ptrdiff_t rows, int add);
    void (*both_sums)(const Rows *, const Group *, const void *in, ptrdiff_t in_stride, void *out,
                      ptrdiff_t out_stride, ptrdiff_t width, int add);
    void (*columns_largest)(const Group *, int32_t count, const void *in, ptrdiff_t in_stride, void *out,
                            ptrdiff_t rows);
    void (*both_largest)(const Rows *, int32_t a_bin, const Group *, int32_t count, const void *in,
                         ptrdiff_t in_stride, void *out, ptrdiff_t out_stride, ptrdiff_t width);
    int (*wild)(const void *in, ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t width);
} AlignPasses;

/* Up to this magnitude no sum of the passes overflows: the weights of an output add up to 1 at most, and of a
   cell that many RoIs give back to, to their number. */
#define TAME 0x1p100

#if defined(__GNUC__) && !defined(__clang__)
#define INLINE static inline __attribute__((always_inline))
#define TARGET_BEGIN(options) DO_PRAGMA(GCC push_options) DO_PRAGMA(GCC target(options))
#define TARGET_END DO_PRAGMA(GCC pop_options)
#elif defined(__clang__)
#define INLINE static inline __attribute__((always_inline))
#define TARGET_BEGIN(options) \
    DO_PRAGMA(clang attribute push(__attribute__((target(options))), apply_to = function))
#define TARGET_END DO_PRAGMA(clang attribute pop)
#else
#define INLINE static inline
#endif
#define DO_PRAGMA(text) _Pragma(#text)

#define JOIN_(name, kind) name##_##kind
#define JOIN(name, kind) JOIN_(name, kind)
#define NAME(name) JOIN(name, KIND)

#if defined(__x86_64__) && defined(__GNUC__)
#define ROIKIT_X86
#include <immintrin.h>
#endif

/* What this processor can do: 0 nothing in particular, 1 AVX2, 2 AVX-512. */
static inline int simd_level(void)
{
#ifdef ROIKIT_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 1;
#endif
    return 0;
}

/* The passes `name` of a level, as simd_level counts, and a type. */
#ifdef ROIKIT_X86
#define PASSES_OF(name, level, is_double)                                    \
    ((level) >= 2   ? ((is_double) ? &name##_avx512_double : &name##_avx512) \
     : (level) == 1 ? ((is_double) ? &name##_avx2_double : &name##_avx2)     \
                    : ((is_double) ? &name##_portable_double : &name##_portable))
#else
#define PASSES_OF(name, level, is_double) ((is_double) ? &name##_portable_double : &name##_portable)
#endif

#endif
