/* The passes of RoI max pooling over one window of many planes, for the vectors of simd.h. See pool.h. */

#include "align_passes.h"
#include "simd_where.h"

/* Flat indices beside the values of a Source. */
typedef struct { CELLS a, b, c, d; const int32_t *p; } NAME(Where);

INLINE CELLS NAME(pick_where)(const NAME(Where) *from, CELLS cells, const int vectors)
{
    if (vectors == 1)
        return NAME(select1_cells)(from->a, cells);
    if (vectors == 2)
        return NAME(select2_cells)(from->a, from->b, cells);
    if (vectors == 4)
        return NAME(select4_cells)(from->a, from->b, from->c, from->d, cells);
    return NAME(gather_cells)(from->p, cells);
}

/* x, x + 1, x + 2 ... */
INLINE CELLS NAME(cells_from)(int32_t x)
{
    static const int32_t lanes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return NAME(add_cells)(NAME(cells)(lanes), NAME(all_cells)(x));
}

/* Of `best` and a row below it, the larger values; indexed, also where they are; of equal ones the upper. */
INLINE void NAME(take_larger)(V row, CELLS row_where, V *best, CELLS *where, const int indexed)
{
    if (indexed)
        *where = NAME(choose_cells)(NAME(above)(row, *best), row_where, *where);
    *best = NAME(larger)(row, *best);
}

/* A row of bins: the largest of each column, left in vectors; or, 0 vectors, in memory. */
INLINE NAME(Source) NAME(pool_row)(
    const int32_t *cell, int32_t depth, const T *in, const Windows *at, int first, int span, NAME(Where) *where,
    const int vectors, const int indexed)
{
    const int32_t corner = at->corner + first;
    NAME(Source) best;
    in += first;
    if (vectors == 0) {
        for (int x = 0; x < span; x += LANES) {
            int n = span - x < LANES ? span - x : LANES;
            V largest = NAME(load)(in + cell[0] * at->in_row + x, n);
            CELLS its = NAME(all_cells)(cell[0] * at->map_width);
            for (int32_t t = 1; t < depth; t++) {
                V row = NAME(load)(in + cell[t] * at->in_row + x, n);
                NAME(take_larger)(row, NAME(all_cells)(cell[t] * at->map_width), &largest, &its, indexed);
            }
            NAME(store)((T *)at->row + x, largest, n);
            if (indexed)
                NAME(store_cells)(at->row_where + x, NAME(add_cells)(its, NAME(cells_from)(corner + x)), n);
        }
        best.p = at->row;
        where->p = at->row_where;
        return best;
    }
    best = NAME(read)(in + cell[0] * at->in_row, span, vectors);
    where->a = where->b = where->c = where->d = NAME(all_cells)(cell[0] * at->map_width);
    for (int32_t t = 1; t < depth; t++) {
        NAME(Source) row = NAME(read)(in + cell[t] * at->in_row, span, vectors);
        CELLS its = NAME(all_cells)(cell[t] * at->map_width);
        NAME(take_larger)(row.a, its, &best.a, &where->a, indexed);
        if (vectors >= 2)
            NAME(take_larger)(row.b, its, &best.b, &where->b, indexed);
        if (vectors >= 4) {
            NAME(take_larger)(row.c, its, &best.c, &where->c, indexed);
            NAME(take_larger)(row.d, its, &best.d, &where->d, indexed);
        }
    }
    where->a = NAME(add_cells)(where->a, NAME(cells_from)(corner));
    where->b = NAME(add_cells)(where->b, NAME(cells_from)(corner + LANES));
    where->c = NAME(add_cells)(where->c, NAME(cells_from)(corner + 2 * LANES));
    where->d = NAME(add_cells)(where->d, NAME(cells_from)(corner + 3 * LANES));
    return best;
}

/* A group's cells, in vectors where its depth is known and small. */
typedef struct { CELLS at[4]; } NAME(Picks);

INLINE CELLS NAME(tap)(const NAME(Picks) *picks, const int32_t *cell, int t, const int depth)
{
    return depth ? picks->at[t] : NAME(cells)(cell + t * LANES);
}

/* One group of columns, on all planes. What is read in the loops is copied first: a compiler must think that a
   store changes whatever a pointer leads to. */
INLINE void NAME(pool_group)(
    const Bins *bins, const Group *group, const Windows *windows, T *out, int32_t *where, const int joined,
    const int vectors, const int depth, const int indexed)
{
    const Windows at = *windows;
    const int32_t rows = bins->rows.outputs, row_depth = bins->rows.depth, columns = bins->columns;
    const int32_t outputs = group->outputs, first = group->first, span = group->span;
    const int32_t *row_cell = bins->rows.cell, *cell = group->cell, taps = depth ? depth : group->depth;
    const int sources = vectors + joined;
    /* Where bins lie one after the other, a vector may write too far: the next one overwrites that. */
    const ptrdiff_t tile = (ptrdiff_t)rows * columns, following = bins->groups == 1 ? tile : 0;
    const int packed = at.out_plane == tile && (!indexed || at.where_plane == tile);
    const T *in = at.in;
    NAME(Picks) picks;
    for (int t = 0; t < depth; t++)
        picks.at[t] = NAME(cells)(cell + t * LANES);

    for (ptrdiff_t plane = 0; plane < at.planes; plane++, in += at.in_plane, out += at.out_plane) {
        const ptrdiff_t end = packed ? (at.planes - plane) * following : following;
        ptrdiff_t to = 0;
        if (at.odd[plane] <= at.most_odd)
            for (int32_t i = 0; i < rows; i += 1 + joined) {
                NAME(Where) its, lower;
                NAME(Source) row = NAME(pool_row)(
                    row_cell + (ptrdiff_t)i * row_depth, row_depth, in, &at, first, span, &its, vectors,
                    indexed);
                int n = outputs;
                if (joined) { /* the next row of bins is in a second vector, if there is a next */
                    int next = i + 1 < rows ? i + 1 : i;
                    const int32_t *next_cell = row_cell + (ptrdiff_t)next * row_depth;
                    row.b =
                        NAME(pool_row)(next_cell, row_depth, in, &at, first, span, &lower, 1, indexed).a;
                    its.b = lower.a;
                    n = next > i ? outputs : columns;
                }
                V largest = NAME(pick)(&row, NAME(tap)(&picks, cell, 0, depth), sources);
                for (int t = 1; t < taps; t++)
                    largest =
                        NAME(larger)(NAME(pick)(&row, NAME(tap)(&picks, cell, t, depth), sources), largest);
                n = to + LANES <= end ? LANES : n;
                NAME(store)(out + to, largest, n);
                if (indexed) { /* of all that are as large, the first in row-major order has the least index */
                    CELLS least = NAME(all_cells)(INT32_MAX);
                    for (int t = 0; t < taps; t++) {
                        CELLS cells = NAME(tap)(&picks, cell, t, depth);
                        MASK is_largest = NAME(equal)(NAME(pick)(&row, cells, sources), largest);
                        CELLS picked = NAME(pick_where)(&its, cells, sources);
                        least = NAME(least_cells)(is_largest, picked, least);
                    }
                    NAME(store_cells)(where + to, least, n);
                }
                to += (1 + joined) * columns;
            }
        if (indexed)
            where += at.where_plane;
    }
}

INLINE void NAME(pool_known)(
    const Bins *bins, const Group *group, const Windows *at, T *out, int32_t *where, const int joined,
    const int vectors, const int indexed)
{
    switch (KNOWN(group->depth, 4)) {
    case 1: NAME(pool_group)(bins, group, at, out, where, joined, vectors, 1, indexed); break;
    case 2: NAME(pool_group)(bins, group, at, out, where, joined, vectors, 2, indexed); break;
    case 3: NAME(pool_group)(bins, group, at, out, where, joined, vectors, 3, indexed); break;
    case 4: NAME(pool_group)(bins, group, at, out, where, joined, vectors, 4, indexed); break;
    default: NAME(pool_group)(bins, group, at, out, where, joined, vectors, 0, indexed);
    }
}

INLINE void NAME(pool_groups)(const Bins *bins, const Windows *at, const int indexed)
{
    for (int32_t g = 0; g < bins->groups; g++) {
        const Group *group = bins->group + g;
        T *out = (T *)at->out + g * LANES;
        int32_t *where = indexed ? at->where + g * LANES : NULL;
        int vectors = NAME(vectors_of)(group->span);
        if (bins->joined)
            NAME(pool_known)(bins, group, at, out, where, 1, 1, indexed);
        else if (vectors == 1)
            NAME(pool_known)(bins, group, at, out, where, 0, 1, indexed);
        else if (vectors == 2)
            NAME(pool_known)(bins, group, at, out, where, 0, 2, indexed);
        else if (vectors == 4)
            NAME(pool_known)(bins, group, at, out, where, 0, 4, indexed);
        else
            NAME(pool_group)(bins, group, at, out, where, 0, 0, 0, indexed);
    }
}

static void NAME(pool_largest)(const Bins *bins, const Windows *at) { NAME(pool_groups)(bins, at, 0); }
static void NAME(pool_where)(const Bins *bins, const Windows *at) { NAME(pool_groups)(bins, at, 1); }

/* The oddest of the values in a window. */
static int NAME(pool_odd)(const void *in, ptrdiff_t in_stride, ptrdiff_t rows, ptrdiff_t width)
{
    int most = 0;
    if (in_stride == width) { /* one long row */
        width *= rows;
        rows = 1;
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
        const T *p = (const T *)in + row * in_stride;
        for (ptrdiff_t x = 0; x < width; x += LANES) {
            int odd = NAME(odd_values)(NAME(load)(p + x, width - x < LANES ? (int)(width - x) : LANES));
            most = odd > most ? odd : most;
        }
    }
    return most;
}

static const PoolPasses NAME(pool_passes) = {LANES, NAME(pool_largest), NAME(pool_where), NAME(pool_odd)};
