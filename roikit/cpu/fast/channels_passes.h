/* Maps with the channels last: a cell is a run of channels, and lanes are channels. See channels.h. */

#include "channel_sums.h"

/* Output row i, channels c .. c + n: first a row of sums down the map, of the columns that x taps, and no
   others; then its bins. Whether a sum is wild. */
INLINE int NAME(apply_row)(
    const Matrix *y, const Matrix *x, int32_t i, const Cells *from, const Cells *to, ptrdiff_t c, T *row,
    const int how, const int vectors, const int n)
{
    /* What is read in the loops is copied: for all the compiler knows, a store changes it. */
    const T *in = (const T *)from->first + c;
    T *out = (T *)to->first + y->to[i] * to->row + c;
    const ptrdiff_t in_row = from->row, in_column = from->column, out_column = to->column;
    const int32_t inputs = x->inputs, outputs = x->outputs;
    const int32_t joined = how == LARGEST ? x->joined : 1;
    const int32_t *from_column = x->from, *to_column = x->to;
    const int adds = how == ADD || (how == LARGEST && i % y->joined);
    int wild = 0;
    for (int32_t j = 0; j < inputs; j++) {
        V sums[MANY];
        EACH_VECTOR sums[v] = NAME(all)(0);
        NAME(add_taps)(sums, y, i, y->from, in + from_column[j] * in_column, in_row, vectors, n);
        EACH_VECTOR NAME(store)(row + (j * vectors + v) * LANES, sums[v], LANES);
    }
    for (int32_t j = 0; j < outputs; j += joined) {
        T *bin = out + to_column[j] * out_column;
        V value[MANY];
        EACH_VECTOR
            value[v] = adds ? NAME(load)(bin + v * LANES, NAME(part_of)(n, v))
                            : NAME(all)(how == LARGEST ? (T)-INFINITY : 0);
        for (int32_t s = j; s < j + joined; s++) {
            V sums[MANY];
            EACH_VECTOR sums[v] = how == LARGEST ? NAME(all)(0) : value[v];
            NAME(add_taps)(sums, x, s, NULL, row, vectors * LANES, vectors, vectors * LANES);
            if (how != ADD)
                wild |= NAME(any_wild_in)(sums, vectors);
            EACH_VECTOR value[v] = how == LARGEST ? NAME(larger)(sums[v], value[v]) : sums[v];
        }
        EACH_VECTOR {
            if (how == STREAM)
                STREAM_TO(bin + v * LANES, value[v]);
            else
                NAME(store)(bin + v * LANES, value[v], NAME(part_of)(n, v));
        }
    }
    return wild;
}

/* A case for each, that the compiler knows which it is. */
INLINE int NAME(apply_known)(
    const Matrix *y, const Matrix *x, int32_t i, const Cells *from, const Cells *to, ptrdiff_t c, T *row,
    int how, const int vectors)
{
    const int n = vectors * LANES;
    switch (how) {
    case WRITE: return NAME(apply_row)(y, x, i, from, to, c, row, WRITE, vectors, n);
    case STREAM: return NAME(apply_row)(y, x, i, from, to, c, row, STREAM, vectors, n);
    case ADD: return NAME(apply_row)(y, x, i, from, to, c, row, ADD, vectors, n);
    default: return NAME(apply_row)(y, x, i, from, to, c, row, LARGEST, vectors, n);
    }
}

static int NAME(apply)(
    const Matrix *y, const Matrix *x, const Cells *from, const Cells *to, void *scratch, ptrdiff_t channels,
    int how)
{
    int wild = 0;
    for (int32_t i = 0; i < y->outputs; i++) {
        ptrdiff_t c = 0;
        for (; c + MANY * LANES <= channels; c += MANY * LANES)
            wild |= NAME(apply_known)(y, x, i, from, to, c, scratch, how, MANY);
        for (; c + FEW * LANES <= channels; c += FEW * LANES)
            wild |= NAME(apply_known)(y, x, i, from, to, c, scratch, how, FEW);
        if (c < channels)
            wild |= NAME(apply_row)(
                y, x, i, from, to, c, scratch, how == STREAM ? WRITE : how, FEW, (int)(channels - c));
    }
    return wild;
}

static int NAME(any_wild)(const Cells *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels)
{
    int found = 0;
    for (ptrdiff_t y = 0; y < rows; y++)
        for (ptrdiff_t x = 0; x < columns; x++) {
            const T *cell = (const T *)in->first + y * in->row + x * in->column;
            ptrdiff_t c = 0;
            for (; c + LANES <= channels; c += LANES)
                found |= NAME(any_beyond)(NAME(load)(cell + c, LANES), (T)TAME);
            if (c < channels)
                found |= NAME(any_beyond)(NAME(load)(cell + c, (int)(channels - c)), (T)TAME);
        }
    return found != 0;
}

/* Channels c .. c + n of maxima(). */
INLINE int NAME(maxima_of)(
    const Cells *from, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t c, T *out, int32_t *where,
    int32_t map_width, const int indexed, const int how, const int vectors, const int n)
{
    const T *in = (const T *)from->first + c;
    const ptrdiff_t row = from->row, column = from->column;
    int nans = 0;
    V best[FEW];
    CELLS its[FEW];
    EACH_VECTOR {
        best[v] = NAME(load)(in + v * LANES, NAME(part_of)(n, v));
        its[v] = NAME(all_cells)(0);
    }
    for (ptrdiff_t y = 0; y < rows; y++)
        for (ptrdiff_t x = 0; x < columns; x++) {
            CELLS here = NAME(all_cells)((int32_t)(y * map_width + x));
            EACH_VECTOR {
                V cell = NAME(load)(in + y * row + x * column + v * LANES, NAME(part_of)(n, v));
                nans |= NAME(any_beyond)(cell, (T)INFINITY);
                if (indexed)
                    its[v] = NAME(choose_cells)(NAME(above)(cell, best[v]), here, its[v]);
                best[v] = NAME(larger)(cell, best[v]);
            }
        }
    EACH_VECTOR {
        if (how == STREAM)
            STREAM_TO(out + c + v * LANES, best[v]);
        else
            NAME(store)(out + c + v * LANES, best[v], NAME(part_of)(n, v));
        if (indexed)
            NAME(store_cells)(where + c + v * LANES, its[v], NAME(part_of)(n, v));
    }
    return nans;
}

INLINE int NAME(maxima_known)(
    const Cells *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, T *out, int32_t *where,
    int32_t map_width, const int indexed, const int how)
{
    int nans = 0;
    ptrdiff_t c = 0;
    for (; c + FEW * LANES <= channels; c += FEW * LANES)
        nans |= NAME(maxima_of)(in, rows, columns, c, out, where, map_width, indexed, how, FEW, FEW * LANES);
    if (c < channels)
        nans |= NAME(maxima_of)(
            in, rows, columns, c, out, where, map_width, indexed, WRITE, FEW, (int)(channels - c));
    return nans;
}

static int NAME(maxima)(
    const Cells *in, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t channels, void *out, int32_t *where,
    int32_t map_width, int how)
{
    int nans;
    if (where && how == STREAM)
        nans = NAME(maxima_known)(in, rows, columns, channels, out, where, map_width, 1, STREAM);
    else if (where)
        nans = NAME(maxima_known)(in, rows, columns, channels, out, where, map_width, 1, WRITE);
    else if (how == STREAM)
        nans = NAME(maxima_known)(in, rows, columns, channels, out, NULL, map_width, 0, STREAM);
    else
        nans = NAME(maxima_known)(in, rows, columns, channels, out, NULL, map_width, 0, WRITE);
    return nans != 0;
}

static const ChannelPasses NAME(channel_passes) = {
    MANY * LANES, NAME(apply), NAME(any_wild), NAME(maxima),
};

