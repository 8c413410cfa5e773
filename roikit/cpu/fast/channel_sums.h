/* Sums of cells that are runs of channels: lanes are channels. Included by files of passes, once for each kind. */

#include "simd_where.h"

/* So many vectors of channels are summed at once, and have their taps looked up once: as many as the
   processor has room for; then a FEW at a time, of what is left. */
#undef MANY
#undef FEW
#undef PART
#undef STREAM_TO
#undef EACH_VECTOR
#define MANY (SIMD == 512 ? 16 : SIMD == 256 ? 8 : 4)
#define FEW (MANY / 4)
#define PART 16 /* taps */
#define EACH_VECTOR for (int v = 0; v < vectors; v++)

/* How many lanes vector v has, of n channels. */
INLINE int NAME(part_of)(int n, int v)
{
    n -= v * LANES;
    return n < 0 ? 0 : n > LANES ? LANES : n;
}

/* A whole vector, past the caches. */
#if SIMD == 512
#define STREAM_TO(p, v) _mm512_stream_ps(p, v)
#elif SIMD == 256
#define STREAM_TO(p, v) _mm256_stream_ps(p, v)
#else
#define STREAM_TO(p, v) NAME(store)(p, v, LANES)
#endif

/* sums += weight times cell, for some taps. Input j is at in + from[j] * stride. */
INLINE void NAME(add_some)(
    V *sums, const Matrix *m, int32_t t, int32_t end, const int32_t *from, const T *in, ptrdiff_t stride,
    const int vectors, const int n)
{
    for (; t < end; t++) {
        const T *cell = in + (from ? from[m->tap[t]] : m->tap[t]) * stride;
        V weight = NAME(all)(((const T *)m->weight)[t]);
        EACH_VECTOR
            sums[v] = NAME(multiply_add)(weight, NAME(load)(cell + v * LANES, NAME(part_of)(n, v)), sums[v]);
    }
}

/* The same for all taps of output i. Many are added up in parts: errors grow with the longest sum. */
INLINE void NAME(add_taps)(
    V *sums, const Matrix *m, int32_t i, const int32_t *from, const T *in, ptrdiff_t stride,
    const int vectors, const int n)
{
    int32_t t = m->start[i], end = m->start[i + 1];
    for (; end - t > PART; t += PART) {
        V part[MANY];
        EACH_VECTOR part[v] = NAME(all)(0);
        NAME(add_some)(part, m, t, t + PART, from, in, stride, vectors, n);
        EACH_VECTOR sums[v] = NAME(add)(sums[v], part[v]);
    }
    NAME(add_some)(sums, m, t, end, from, in, stride, vectors, n);
}

/* A NaN or an infinity, and what is near it, stays so whatever is added. */
INLINE int NAME(any_wild_in)(const V *values, const int vectors)
{
    V sum = NAME(all)(0);
    EACH_VECTOR sum = NAME(add)(sum, values[v]);
    return NAME(any_beyond)(sum, (T)TAME);
}
