// What the parts of the engine share about the launch.
#pragma once
#include "engine.h"

namespace simt {

extern void** argument_values;  // for each parameter of the kernel, where its value lies
extern long memory_limit;       // bytes, beside the arrays

void become(int thread);  // this thread of the block runs now: threadIdx says so
void note_early_exit(int line, int count);

void open_report(const char* path);
void close_report();
void report_early_exits();
void catch_faults(double seconds);  // faults, and the end of the time, become lines of the report

}  // namespace simt
