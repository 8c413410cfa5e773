/* out = S · in, for a sparse matrix S and all channels: each bin is a sum of cells of the map, each times its
   weight. The gradient is Sᵀ · grad: the same with the items of in and out changing places.

   Lanes are channels. Where the channels of an item do not lie side by side, a block of them is packed first:
   it then serves all sums, from the cache. Sums are turned back, a few items at a time. */

#ifndef ROIKIT_WEIGHTED_CELLS_H
#define ROIKIT_WEIGHTED_CELLS_H

#include "matrix.h"

/* Cells of a map, or bins: number c of item i is first[place[i] + c * channel]. */
typedef struct {
    void *first;
    ptrdiff_t channel;
    const ptrdiff_t *place;
} Items;

/* Answers say whether anything was wild: a NaN, or a number too large to be added up without care. */
typedef struct {
    int block; /* channels that are packed together, at most */
    /* Items begin <= i < end of so many channels, from the first on; a packed one is a run of `stride` numbers. */
    int (*pack)(const Items *in, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t channels, void *packed,
                ptrdiff_t stride);
    /* Sums begin <= i < end. Input j is a run of channels at in + from[j] * stride, or in + j * stride where
       `from` is NULL. Sum i has constant[i] added (if not NULL). */
    int (*sums)(const Matrix *, ptrdiff_t begin, ptrdiff_t end, const double *constant, const void *in,
                ptrdiff_t stride, const Items *out, ptrdiff_t channels, int how);
    /* totals[t] += the sum over channels of tap t's input times its output: `count` outputs, all packed. */
    void (*products)(const Matrix *, ptrdiff_t count, const void *in, const void *out, ptrdiff_t stride,
                     ptrdiff_t channels, double *totals);
} WeightedPasses;

#if defined(__clang__)
#define UNROLLED DO_PRAGMA(unroll)
#elif defined(__GNUC__)
#define UNROLLED DO_PRAGMA(GCC unroll 16)
#else
#define UNROLLED
#endif

#define PASSES "weighted_cells_passes.h"
#include "kinds.h"
#undef PASSES

static inline const WeightedPasses *weighted_passes(int level, int is_double)
{
    return PASSES_OF(weighted_passes, level, is_double);
}

#endif
