#ifndef ROIKIT_PREFETCH_H
#define ROIKIT_PREFETCH_H

#include <stddef.h>

/* Have memory brought into the cache, that will be read soon. */
static inline void ask_for(const void *first, ptrdiff_t bytes)
{
#ifdef __GNUC__
    for (ptrdiff_t i = 0; i < bytes; i += 64)
        __builtin_prefetch((const char *)first + i);
#else
    (void)first, (void)bytes;
#endif
}

#endif
