/* More functions for the vectors of simd.h: lanes compared, and numbers of cells moved along with values.

   A MASK says yes or no for each lane. As in simd.h, SIMD 0 is the scalar twin, which defines the meaning. */

#undef MASK
#define MASK NAME(MASK)

/* What odd_values() finds; NAN_THERE wins. */
#undef NEGATIVE_ZERO
#undef NAN_THERE
#define NEGATIVE_ZERO 1
#define NAN_THERE 2

#if SIMD == 512

typedef __mmask16 MASK;

INLINE MASK NAME(above)(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ); }
INLINE MASK NAME(equal)(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
INLINE int NAME(odd_values)(V v)
{
    __mmask16 zeros = _mm512_cmpeq_epi32_mask(_mm512_castps_si512(v), _mm512_set1_epi32(INT32_MIN));
    return _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q) ? NAN_THERE : zeros ? NEGATIVE_ZERO : 0;
}
INLINE CELLS NAME(all_cells)(int32_t x) { return _mm512_set1_epi32(x); }
INLINE CELLS NAME(add_cells)(CELLS a, CELLS b) { return _mm512_add_epi32(a, b); }
INLINE CELLS NAME(choose_cells)(MASK yes, CELLS a, CELLS b) { return _mm512_mask_blend_epi32(yes, b, a); }
INLINE CELLS NAME(least_cells)(MASK yes, CELLS a, CELLS b) { return _mm512_mask_min_epi32(b, yes, a, b); }
INLINE void NAME(store_cells)(int32_t *p, CELLS v, int n)
{
    if (n == LANES)
        _mm512_storeu_si512((void *)p, v);
    else
        _mm512_mask_storeu_epi32(p, NAME(first)(n), v);
}
INLINE CELLS NAME(gather_cells)(const int32_t *p, CELLS i)
{
    return _mm512_i32gather_epi32(i, (const void *)p, 4);
}
#define AS_NUMBERS(cells) _mm512_castsi512_ps(cells)
#define AS_CELLS(numbers) _mm512_castps_si512(numbers)

#elif SIMD == 256

typedef __m256 MASK;

INLINE MASK NAME(above)(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_GT_OQ); }
INLINE MASK NAME(equal)(V a, V b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
INLINE int NAME(odd_values)(V v)
{
    __m256i zeros = _mm256_cmpeq_epi32(_mm256_castps_si256(v), _mm256_set1_epi32(INT32_MIN));
    if (_mm256_movemask_ps(_mm256_cmp_ps(v, v, _CMP_UNORD_Q)))
        return NAN_THERE;
    return _mm256_movemask_epi8(zeros) ? NEGATIVE_ZERO : 0;
}
#define AS_NUMBERS(cells) _mm256_castsi256_ps(cells)
#define AS_CELLS(numbers) _mm256_castps_si256(numbers)
INLINE CELLS NAME(all_cells)(int32_t x) { return _mm256_set1_epi32(x); }
INLINE CELLS NAME(add_cells)(CELLS a, CELLS b) { return _mm256_add_epi32(a, b); }
INLINE CELLS NAME(choose_cells)(MASK yes, CELLS a, CELLS b)
{
    return AS_CELLS(_mm256_blendv_ps(AS_NUMBERS(b), AS_NUMBERS(a), yes));
}
INLINE CELLS NAME(least_cells)(MASK yes, CELLS a, CELLS b)
{
    return NAME(choose_cells)(yes, _mm256_min_epi32(a, b), b);
}
INLINE void NAME(store_cells)(int32_t *p, CELLS v, int n)
{
    if (n == LANES)
        _mm256_storeu_si256((__m256i *)p, v);
    else
        _mm256_maskstore_epi32(p, NAME(first)(n), v);
}
INLINE CELLS NAME(gather_cells)(const int32_t *p, CELLS i) { return _mm256_i32gather_epi32(p, i, 4); }

#else

typedef struct { int32_t at[LANES]; } MASK;
#define EACH_LANE for (int lane = 0; lane < LANES; lane++)

INLINE MASK NAME(above)(V a, V b) { MASK r; EACH_LANE r.at[lane] = a.at[lane] > b.at[lane]; return r; }
INLINE MASK NAME(equal)(V a, V b) { MASK r; EACH_LANE r.at[lane] = a.at[lane] == b.at[lane]; return r; }
/* NAN_THERE, or else NEGATIVE_ZERO, or else 0. */
INLINE int NAME(odd_values)(V v)
{
    int nans = 0, zeros = 0;
    EACH_LANE nans |= v.at[lane] != v.at[lane];
    EACH_LANE zeros |= (v.at[lane] == 0) & (signbit(v.at[lane]) != 0);
    return nans ? NAN_THERE : zeros ? NEGATIVE_ZERO : 0;
}
INLINE CELLS NAME(all_cells)(int32_t x) { CELLS r; EACH_LANE r.at[lane] = x; return r; }
INLINE CELLS NAME(add_cells)(CELLS a, CELLS b) { EACH_LANE a.at[lane] += b.at[lane]; return a; }
INLINE CELLS NAME(choose_cells)(MASK yes, CELLS a, CELLS b)
{
    EACH_LANE b.at[lane] = yes.at[lane] ? a.at[lane] : b.at[lane];
    return b;
}
/* Where yes, the lesser of a and b; elsewhere b. */
INLINE CELLS NAME(least_cells)(MASK yes, CELLS a, CELLS b)
{
    EACH_LANE b.at[lane] = (yes.at[lane] != 0) & (a.at[lane] < b.at[lane]) ? a.at[lane] : b.at[lane];
    return b;
}
INLINE void NAME(store_cells)(int32_t *p, CELLS v, int n)
{
    for (int lane = 0; lane < n; lane++)
        p[lane] = v.at[lane];
}
INLINE CELLS NAME(gather_cells)(const int32_t *p, CELLS i)
{
    CELLS r;
    EACH_LANE r.at[lane] = p[i.at[lane]];
    return r;
}
INLINE CELLS NAME(select4_cells)(CELLS a, CELLS b, CELLS c, CELLS d, CELLS i)
{
    CELLS of[4] = {a, b, c, d}, r;
    EACH_LANE r.at[lane] = of[i.at[lane] / LANES].at[i.at[lane] % LANES];
    return r;
}
INLINE CELLS NAME(select2_cells)(CELLS a, CELLS b, CELLS i) { return NAME(select4_cells)(a, b, a, b, i); }
INLINE CELLS NAME(select1_cells)(CELLS a, CELLS i) { return NAME(select4_cells)(a, a, a, a, i); }
#undef EACH_LANE

#endif

#if SIMD /* as the values are selected: the bits are moved, whatever they mean */
INLINE CELLS NAME(select1_cells)(CELLS a, CELLS i) { return AS_CELLS(NAME(select1)(AS_NUMBERS(a), i)); }
INLINE CELLS NAME(select2_cells)(CELLS a, CELLS b, CELLS i)
{
    return AS_CELLS(NAME(select2)(AS_NUMBERS(a), AS_NUMBERS(b), i));
}
INLINE CELLS NAME(select4_cells)(CELLS a, CELLS b, CELLS c, CELLS d, CELLS i)
{
    return AS_CELLS(NAME(select4)(AS_NUMBERS(a), AS_NUMBERS(b), AS_NUMBERS(c), AS_NUMBERS(d), i));
}
#undef AS_NUMBERS
#undef AS_CELLS
#endif
