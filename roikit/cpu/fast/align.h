/* The passes of RoIAlign for each kind of processor. */

#include "passes.h"
#define PASSES "align_passes.h"
#include "kinds.h"
#undef PASSES

static inline const AlignPasses *align_passes(int level, int is_double)
{
    return PASSES_OF(align_passes, level, is_double);
}
