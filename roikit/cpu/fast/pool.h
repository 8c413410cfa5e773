/* Quantized RoI pooling. A bin's maximum is the maximum of its columns' maxima, as W_y and W_x of passes.h
   are applied one after the other: rows first, then columns. A bin with fewer cells than another has some of them
   twice, which changes no maximum. The average is RoIAlign's, with the weights 1 / cells. */

#ifndef ROIKIT_POOL_H
#define ROIKIT_POOL_H

#include "passes.h"

/* One window on many planes, and where its bins go: `bins` numbers a plane, row after row. */
typedef struct {
    const void *in;
    ptrdiff_t in_row, in_plane;
    void *out;
    ptrdiff_t out_plane;
    int32_t *where; /* the flat index of each bin's first maximum */
    ptrdiff_t where_plane;
    int32_t corner, map_width; /* flat index of the window's first cell, and from one row to the next */
    const uint8_t *odd;        /* what odd_values says of each plane */
    int most_odd;              /* planes that are odder are left out */
    ptrdiff_t planes;
    void *row; /* as wide as the window, for those that no vectors can hold */
    int32_t *row_where;
} Windows;

/* W_y without weights, W_x likewise, `columns` outputs in all, a group being LANES of them; or, `joined`, one
   group for the outputs of two rows of bins: the second row's cells count from LANES on. */
typedef struct {
    Rows rows;
    const Group *group;
    int32_t groups, columns, joined;
} Bins;

typedef struct {
    int lanes;
    void (*largest)(const Bins *, const Windows *);
    void (*largest_where)(const Bins *, const Windows *);
    int (*odd)(const void *in, ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t width);
} PoolPasses;

#define PASSES "pool_passes.h"
#include "kinds.h"
#undef PASSES

static inline const PoolPasses *pool_passes(int level, int is_double)
{
    return PASSES_OF(pool_passes, level, is_double);
}
static inline const AlignPasses *align_passes(int level, int is_double) /* for the average */
{
    return PASSES_OF(align_passes, level, is_double);
}

#endif
