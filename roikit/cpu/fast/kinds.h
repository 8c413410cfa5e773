/* Compiles the passes in the file PASSES for each kind of processor, as NAME(...) for float and double:
   portable, portable_double, and on x86-64 avx2, avx2_double, avx512, avx512_double. Functions of the same name
   in several files of passes cannot be in one module: each includes one of align.h, pool.h, channels.h and
   weighted_cells.h. */

#define SIMD 0
#define T float
#define KIND portable
#include "simd.h"
#include PASSES
#undef T
#undef KIND
#define T double
#define KIND portable_double
#include "simd.h"
#include PASSES
#undef T
#undef KIND
#undef SIMD

#ifdef ROIKIT_X86

TARGET_BEGIN("avx2,fma")
#define SIMD 256
#define T float
#define KIND avx2
#include "simd.h"
#include PASSES
#undef T
#undef KIND
#undef SIMD
#define SIMD 0
#define T double
#define KIND avx2_double
#include "simd.h"
#include PASSES
#undef T
#undef KIND
#undef SIMD
TARGET_END

TARGET_BEGIN("avx512f,avx512dq,avx512bw,avx512vl,fma")
#define SIMD 512
#define T float
#define KIND avx512
#include "simd.h"
#include PASSES
#undef T
#undef KIND
#undef SIMD
#define SIMD 0
#define T double
#define KIND avx512_double
#include "simd.h"
#include PASSES
#undef T
#undef KIND
#undef SIMD
TARGET_END

#endif
