/* Maps with the channels last, for each kind of processor: no numbers need to change places, so a bin is the
   plain sum over its taps, with all channels of a cell at once. */

#ifndef ROIKIT_CHANNELS_H
#define ROIKIT_CHANNELS_H

#include "passes.h"

/* A sparse matrix of one axis: output i has the taps start[i] <= t < start[i + 1]. */
typedef struct {
    int32_t outputs;
    const int32_t *start, *cell;
    const void *weight;
} Matrix;

/* A rectangle of cells: the first, and how many numbers it is to the next row and column. */
typedef struct {
    void *first;
    ptrdiff_t row, column;
} Cells;

typedef struct {
    void (*sums)(const Matrix *y, const Matrix *x, const Cells *from, const Cells *to, ptrdiff_t channels, int add);
    void (*largest)(const Matrix *y, int32_t down, const Matrix *x, int32_t across, const Cells *from, const Cells *to,
                    ptrdiff_t channels);
    int (*any_wild)(const Cells *from, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels);
    void (*maxima)(const Cells *from, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, void *out,
                   int32_t *where, int32_t first, int32_t map_width);
} ChannelPasses;

#define PASSES "channels_passes.h"
#include "kinds.h"
#undef PASSES

static inline const ChannelPasses *channel_passes(int level, int is_double)
{
    return PASSES_OF(channel_passes, level, is_double);
}

#endif
