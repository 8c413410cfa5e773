/* What sums of cells that lie as runs of channels share. */

#ifndef ROIKIT_MATRIX_H
#define ROIKIT_MATRIX_H

#include "passes.h"

/* W_y or W_x of passes.h, or its transpose, or a matrix of whole bins (weighted_cells.h): output i has the taps
   start[i] <= t < start[i + 1], each an input. */
typedef struct {
    int32_t inputs, outputs;
    int32_t joined; /* so many outputs share a bin, which has the largest of them; else 1 */
    const int32_t *from, *to; /* input j is cell from[j], output i is in bin to[i]; or bin and cell */
    const int32_t *start, *tap;
    const void *weight;
} Matrix;

/* What becomes of what is in the output. STREAM is WRITE past the caches, which need not read the lines first
   and keep room for the map: for large outputs whose cells begin where cache lines do. */
enum { WRITE, STREAM, ADD, LARGEST };

/* Before another thread may read what was streamed. */
static inline void end_stream(void)
{
#ifdef ROIKIT_X86
    _mm_sfence();
#endif
}

#endif
