/* Maps with the channels last, for each kind of processor. No numbers need to change places: a cell is a run
   of channels, lanes are channels, and a sum of cells is a sum of vectors. */

#ifndef ROIKIT_CHANNELS_H
#define ROIKIT_CHANNELS_H

#include "matrix.h"

/* A rectangle of cells: the first, and how many numbers it is to the next row and column. */
typedef struct {
    void *first;
    ptrdiff_t row, column;
} Cells;

/* On so many channels, from the first on; the answer is whether anything was wild: a NaN, or unless maxima
   are sought a number too large to be added up without care. */
typedef struct {
    int run; /* `scratch` has room for so many channels of x->inputs cells */
    /* out = y · in · xᵀ; what is wild is looked for among the sums. */
    int (*apply)(const Matrix *y, const Matrix *x, const Cells *in, const Cells *out, void *scratch,
                 ptrdiff_t channels, int how);
    int (*any_wild)(const Cells *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels);
    /* The largest of each channel and, unless `where` is NULL, which it is, y * map_width + x: of equal ones
       the first in row-major order. */
    int (*maxima)(const Cells *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, void *out,
                  int32_t *where, int32_t map_width, int how);
} ChannelPasses;

#define PASSES "channels_passes.h"
#include "kinds.h"
#undef PASSES

static inline const ChannelPasses *channel_passes(int level, int is_double)
{
    return PASSES_OF(channel_passes, level, is_double);
}

#endif
