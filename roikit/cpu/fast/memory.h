#ifndef ROIKIT_MEMORY_H
#define ROIKIT_MEMORY_H

#include <stdlib.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

/* Memory to be freed, or NULL; where it is large of huge pages, if the system has them: a page is cleared when it
   is touched first, and many small ones take long. */
static inline void *large_memory(size_t size)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const size_t page = (size_t)1 << 21;
    if (size > page / 2) {
        void *memory;
        size = (size + page - 1) / page * page;
        if (posix_memalign(&memory, page, size))
            return NULL;
        madvise(memory, size, MADV_HUGEPAGE);
        return memory;
    }
#endif
    return malloc(size + 1);
}

#endif
