/* What the passes ask of a processor: a vector V of LANES numbers T, and the functions on it.

   Included once for each kind of processor, with SIMD, T and NAME(x) defined: SIMD 512 is AVX-512 and 256 is
   AVX2 with FMA, both for T float. SIMD 0 is the scalar twin of each function, plain C that defines what the
   others mean, for any processor and for float and double. n is how many lanes of a load or a store count:
   beyond them nothing is read, and nothing written. */

#undef V
#undef CELLS
#undef LANES
#define V NAME(V)
#define CELLS NAME(CELLS)

#if SIMD == 512

#define LANES 16
typedef __m512 V;
typedef __m512i CELLS;

INLINE __mmask16 NAME(first)(int n) { return (__mmask16)((1u << n) - 1); }
INLINE V NAME(load)(const T *p, int n) { return _mm512_maskz_loadu_ps(NAME(first)(n), p); }
INLINE void NAME(store)(T *p, V v, int n)
{
    if (n == LANES)
        _mm512_storeu_ps(p, v);
    else
        _mm512_mask_storeu_ps(p, NAME(first)(n), v);
}
INLINE V NAME(all)(T x) { return _mm512_set1_ps(x); }
INLINE V NAME(add)(V a, V b) { return _mm512_add_ps(a, b); }
INLINE V NAME(multiply)(V a, V b) { return _mm512_mul_ps(a, b); }
INLINE V NAME(multiply_add)(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
INLINE V NAME(larger)(V a, V b) { return _mm512_max_ps(a, b); }
INLINE int NAME(any_beyond)(V v, T limit)
{
    return _mm512_cmp_ps_mask(_mm512_abs_ps(v), NAME(all)(limit), _CMP_NLE_UQ);
}
INLINE CELLS NAME(cells)(const int32_t *p) { return _mm512_loadu_si512((const void *)p); }
INLINE V NAME(select1)(V a, CELLS i) { return _mm512_permutexvar_ps(i, a); }
INLINE V NAME(select2)(V a, V b, CELLS i) { return _mm512_permutex2var_ps(a, i, b); }
INLINE V NAME(select4)(V a, V b, V c, V d, CELLS i)
{
    __mmask16 upper = _mm512_test_epi32_mask(i, _mm512_set1_epi32(2 * LANES));
    return _mm512_mask_blend_ps(upper, NAME(select2)(a, b, i), NAME(select2)(c, d, i));
}
INLINE V NAME(gather)(const T *p, CELLS i) { return _mm512_i32gather_ps(i, p, 4); }

#elif SIMD == 256

#define LANES 8
typedef __m256 V;
typedef __m256i CELLS;

INLINE __m256i NAME(first)(int n)
{
    static const int32_t bits[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};
    return _mm256_loadu_si256((const __m256i *)(bits + LANES - n));
}
INLINE V NAME(load)(const T *p, int n)
{
    return n == LANES ? _mm256_loadu_ps(p) : _mm256_maskload_ps(p, NAME(first)(n));
}
INLINE void NAME(store)(T *p, V v, int n)
{
    if (n == LANES)
        _mm256_storeu_ps(p, v);
    else
        _mm256_maskstore_ps(p, NAME(first)(n), v);
}
INLINE V NAME(all)(T x) { return _mm256_set1_ps(x); }
INLINE V NAME(add)(V a, V b) { return _mm256_add_ps(a, b); }
INLINE V NAME(multiply)(V a, V b) { return _mm256_mul_ps(a, b); }
INLINE V NAME(multiply_add)(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
INLINE V NAME(larger)(V a, V b) { return _mm256_max_ps(a, b); }
INLINE int NAME(any_beyond)(V v, T limit)
{
    __m256 size = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), v);
    return _mm256_movemask_ps(_mm256_cmp_ps(size, NAME(all)(limit), _CMP_NLE_UQ));
}
INLINE CELLS NAME(cells)(const int32_t *p) { return _mm256_loadu_si256((const __m256i *)p); }
INLINE V NAME(select1)(V a, CELLS i) { return _mm256_permutevar8x32_ps(a, i); }
INLINE V NAME(select2)(V a, V b, CELLS i)
{
    __m256 upper = _mm256_castsi256_ps(_mm256_slli_epi32(i, 28)); /* bit 3 of i becomes the sign */
    return _mm256_blendv_ps(NAME(select1)(a, i), NAME(select1)(b, i), upper);
}
INLINE V NAME(select4)(V a, V b, V c, V d, CELLS i)
{
    __m256 upper = _mm256_castsi256_ps(_mm256_slli_epi32(i, 27)); /* bit 4 of i becomes the sign */
    return _mm256_blendv_ps(NAME(select2)(a, b, i), NAME(select2)(c, d, i), upper);
}
INLINE V NAME(gather)(const T *p, CELLS i) { return _mm256_i32gather_ps(p, i, 4); }

#else

#define LANES 8
typedef struct { T at[LANES]; } V;
typedef struct { int32_t at[LANES]; } CELLS;
#define EACH_LANE for (int lane = 0; lane < LANES; lane++)

INLINE V NAME(load)(const T *p, int n) { V r; EACH_LANE r.at[lane] = lane < n ? p[lane] : 0; return r; }
INLINE void NAME(store)(T *p, V v, int n) { for (int lane = 0; lane < n; lane++) p[lane] = v.at[lane]; }
INLINE V NAME(all)(T x) { V r; EACH_LANE r.at[lane] = x; return r; }
INLINE V NAME(add)(V a, V b) { EACH_LANE a.at[lane] += b.at[lane]; return a; }
INLINE V NAME(multiply)(V a, V b) { EACH_LANE a.at[lane] *= b.at[lane]; return a; }
INLINE V NAME(multiply_add)(V a, V b, V c) { EACH_LANE c.at[lane] += a.at[lane] * b.at[lane]; return c; }
INLINE V NAME(larger)(V a, V b) { EACH_LANE a.at[lane] = a.at[lane] > b.at[lane] ? a.at[lane] : b.at[lane]; return a; }
/* Whether a lane's magnitude is beyond the limit, or no number. */
INLINE int NAME(any_beyond)(V v, T limit)
{
    int any = 0;
    EACH_LANE any |= !(v.at[lane] <= limit) | !(v.at[lane] >= -limit);
    return any;
}
INLINE CELLS NAME(cells)(const int32_t *p) { CELLS r; EACH_LANE r.at[lane] = p[lane]; return r; }
INLINE V NAME(gather)(const T *p, CELLS i) { V r; EACH_LANE r.at[lane] = p[i.at[lane]]; return r; }
/* An element of up to four vectors, as one array: i counts through all of them. */
INLINE V NAME(select4)(V a, V b, V c, V d, CELLS i)
{
    V of[4] = {a, b, c, d}, r;
    EACH_LANE r.at[lane] = of[i.at[lane] / LANES].at[i.at[lane] % LANES];
    return r;
}
INLINE V NAME(select2)(V a, V b, CELLS i) { return NAME(select4)(a, b, a, b, i); }
INLINE V NAME(select1)(V a, CELLS i) { return NAME(select4)(a, a, a, a, i); }
#undef EACH_LANE

#endif
