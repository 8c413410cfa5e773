/* Sums of weighted cells for one kind of processor: see weighted_cells.h. */

#include "channel_sums.h"

#undef BLOCK
#undef FEW_ITEMS
#define BLOCK 32
#define FEW_ITEMS 4

/* What number l holds at i, number i then holds at l. */
INLINE void NAME(turn)(V *square)
{
#if SIMD
    UNROLLED
    for (int step = 1; step < LANES; step *= 2) {
        int32_t first[LANES], second[LANES];
        for (int l = 0; l < LANES; l++) {
            first[l] = l & step ? LANES + l - step : l;
            second[l] = l & step ? LANES + l : l + step;
        }
        UNROLLED
        for (int i = 0; i < LANES; i++)
            if (!(i & step)) {
                V a = square[i], b = square[i + step];
                square[i] = NAME(select2)(a, b, NAME(cells)(first));
                square[i + step] = NAME(select2)(a, b, NAME(cells)(second));
            }
    }
#else
    for (int i = 0; i < LANES; i++)
        for (int l = 0; l < i; l++) {
            T other = square[i].at[l];
            square[i].at[l] = square[l].at[i];
            square[l].at[i] = other;
        }
#endif
}

/* How many items from i on lie side by side in memory, LANES at most. */
INLINE int NAME(side_by_side)(const Items *items, ptrdiff_t i, ptrdiff_t end)
{
    int n = 1;
    while (n < LANES && i + n < end && items->place[i + n] == items->place[i] + n)
        n++;
    return n;
}

/* A few items: not worth a square. */
INLINE int NAME(pack_few)(const T *from, int n, ptrdiff_t channel, ptrdiff_t channels, T *to, ptrdiff_t stride)
{
    T sum = 0;
    for (int l = 0; l < n; l++)
        for (ptrdiff_t c = 0; c < channels; c++) {
            to[l * stride + c] = from[l + c * channel];
            sum += from[l + c * channel];
        }
    return !(sum <= (T)TAME && sum >= -(T)TAME);
}

static int NAME(pack)(
    const Items *in, ptrdiff_t begin, ptrdiff_t end, ptrdiff_t channels, void *packed, ptrdiff_t stride)
{
    const ptrdiff_t channel = in->channel;
    int n, wild = 0;
    for (ptrdiff_t i = begin; i < end; i += n) {
        const T *from = (const T *)in->first + in->place[i];
        T *to = (T *)packed + i * stride;
        n = NAME(side_by_side)(in, i, end);
        if (n < FEW_ITEMS) {
            wild |= NAME(pack_few)(from, n, channel, channels, to, stride);
            continue;
        }
        for (ptrdiff_t c = 0; c < channels; c += LANES) {
            V square[LANES];
            for (int l = 0; l < LANES; l++) {
                square[l] = c + l < channels ? NAME(load)(from + (c + l) * channel, n) : NAME(all)(0);
                wild |= NAME(any_beyond)(square[l], (T)TAME);
            }
            NAME(turn)(square);
            for (int l = 0; l < n; l++)
                NAME(store)(to + l * stride + c, square[l], NAME(part_of)((int)channels, (int)(c / LANES)));
        }
    }
    return wild != 0;
}

/* Channels c .. c + n of sum i, in place. */
INLINE int NAME(run_sum)(
    const Matrix *m, ptrdiff_t i, const double *constant, const T *in, ptrdiff_t stride, const Items *out,
    ptrdiff_t c, const int how, const int vectors, const int n)
{
    T *to = (T *)out->first + out->place[i] + c;
    V sums[MANY];
    EACH_VECTOR sums[v] = NAME(all)(constant ? (T)constant[i] : 0);
    NAME(add_taps)(sums, m, (int32_t)i, m->from, in + c, stride, vectors, n);
    EACH_VECTOR {
        if (how == ADD)
            sums[v] = NAME(add)(NAME(load)(to + v * LANES, NAME(part_of)(n, v)), sums[v]);
        if (how == STREAM)
            STREAM_TO(to + v * LANES, sums[v]);
        else
            NAME(store)(to + v * LANES, sums[v], NAME(part_of)(n, v));
    }
    return NAME(any_wild_in)(sums, vectors);
}

/* Channels c .. c + n of `count` sums from i on, which lie side by side. */
INLINE int NAME(turned_sums)(
    const Matrix *m, ptrdiff_t i, int count, const double *constant, const T *in, ptrdiff_t stride,
    const Items *out, ptrdiff_t c, const int how, const int vectors, const int n)
{
    T *to = (T *)out->first + out->place[i] + c * out->channel;
    const ptrdiff_t channel = out->channel;
    V squares[4][LANES];
    int wild = 0;
    for (int l = 0; l < count; l++) {
        V sums[MANY];
        EACH_VECTOR sums[v] = NAME(all)(constant ? (T)constant[i + l] : 0);
        NAME(add_taps)(sums, m, (int32_t)(i + l), m->from, in + c, stride, vectors, n);
        wild |= NAME(any_wild_in)(sums, vectors);
        EACH_VECTOR squares[v][l] = sums[v];
    }
    EACH_VECTOR {
        NAME(turn)(squares[v]);
        for (int l = 0; l < NAME(part_of)(n, v); l++) {
            T *run = to + (v * LANES + l) * channel;
            V sum = squares[v][l];
            NAME(store)(run, how == ADD ? NAME(add)(NAME(load)(run, count), sum) : sum, count);
        }
    }
    return wild;
}

/* All channels of sum i, or of some from i on: a case for each number of vectors, that the compiler knows it. */
INLINE int NAME(run_sums)(
    const Matrix *m, ptrdiff_t i, const double *constant, const T *in, ptrdiff_t stride, const Items *out,
    ptrdiff_t channels, const int how)
{
    ptrdiff_t c = 0;
    int wild = 0;
    for (; c + MANY * LANES <= channels; c += MANY * LANES)
        wild |= NAME(run_sum)(m, i, constant, in, stride, out, c, how, MANY, MANY * LANES);
    for (; c + 4 * LANES <= channels; c += 4 * LANES)
        wild |= NAME(run_sum)(m, i, constant, in, stride, out, c, how, 4, 4 * LANES);
    for (; c + LANES <= channels; c += LANES)
        wild |= NAME(run_sum)(m, i, constant, in, stride, out, c, how, 1, LANES);
    if (c < channels)
        wild |= NAME(run_sum)(
            m, i, constant, in, stride, out, c, how == STREAM ? WRITE : how, 1, (int)(channels - c));
    return wild;
}

INLINE int NAME(side_sums)(
    const Matrix *m, ptrdiff_t i, int count, const double *constant, const T *in, ptrdiff_t stride,
    const Items *out, ptrdiff_t channels, const int how)
{
    ptrdiff_t c = 0;
    int wild = 0;
    for (; c + 4 * LANES <= channels; c += 4 * LANES)
        wild |= NAME(turned_sums)(m, i, count, constant, in, stride, out, c, how, 4, 4 * LANES);
    for (; c + 2 * LANES <= channels; c += 2 * LANES)
        wild |= NAME(turned_sums)(m, i, count, constant, in, stride, out, c, how, 2, 2 * LANES);
    for (; c + LANES <= channels; c += LANES)
        wild |= NAME(turned_sums)(m, i, count, constant, in, stride, out, c, how, 1, LANES);
    if (c < channels)
        wild |= NAME(turned_sums)(m, i, count, constant, in, stride, out, c, how, 1, (int)(channels - c));
    return wild;
}

static int NAME(sums)(
    const Matrix *m, ptrdiff_t begin, ptrdiff_t end, const double *constant, const void *in, ptrdiff_t stride,
    const Items *out, ptrdiff_t channels, int how)
{
    int wild = 0;
    for (ptrdiff_t i = begin; i < end;) {
        int count = out->channel == 1 ? 1 : NAME(side_by_side)(out, i, end);
        if (out->channel != 1 && how == ADD)
            wild |= NAME(side_sums)(m, i, count, constant, in, stride, out, channels, ADD);
        else if (out->channel != 1)
            wild |= NAME(side_sums)(m, i, count, constant, in, stride, out, channels, WRITE);
        else if (how == ADD)
            wild |= NAME(run_sums)(m, i, constant, in, stride, out, channels, ADD);
        else if (how == STREAM)
            wild |= NAME(run_sums)(m, i, constant, in, stride, out, channels, STREAM);
        else
            wild |= NAME(run_sums)(m, i, constant, in, stride, out, channels, WRITE);
        i += count;
    }
    return wild != 0;
}

/* Of two runs of channels; in double, as eight sums, which a vector may hold. */
INLINE double NAME(product)(const T *a, const T *b, ptrdiff_t channels)
{
    double sums[8] = {0};
    ptrdiff_t c = 0;
    for (; c + 8 <= channels; c += 8)
        for (int l = 0; l < 8; l++)
            sums[l] += (double)a[c + l] * (double)b[c + l];
    for (; c < channels; c++)
        sums[0] += (double)a[c] * (double)b[c];
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

static void NAME(products)(
    const Matrix *m, ptrdiff_t count, const void *in, const void *out, ptrdiff_t stride, ptrdiff_t channels,
    double *totals)
{
    for (ptrdiff_t i = 0; i < count; i++)
        for (int32_t t = m->start[i]; t < m->start[i + 1]; t++)
            totals[t] += NAME(product)(
                (const T *)in + m->tap[t] * stride, (const T *)out + i * stride, channels);
}

static const WeightedPasses NAME(weighted_passes) = {BLOCK, NAME(pack), NAME(sums), NAME(products)};
