/* Marks for callgrind: it counts between them, and writes the sum under a name. */
#include <valgrind/callgrind.h>

void begin_count(void)
{
    CALLGRIND_ZERO_STATS;
    CALLGRIND_START_INSTRUMENTATION;
}

void end_count(const char *name)
{
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT(name);
}
