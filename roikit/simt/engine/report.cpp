// The report of a launch, and the faults that end it.
#include <new>

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "../language/runtime.h"
#include "driver.h"
#include "fibers.h"

namespace simt {

namespace {

FILE* report;
bool failing;
double time_limit;

constexpr int FAILED = 70;              // the exit status after fail()
constexpr long MOST_PRINTED = 1 << 20;  // as much as a GPU keeps for printf
constexpr int MOST_EARLY_EXITS = 64;    // barriers named in the report

struct EarlyExit {
    int line, count;
    long block;
} early_exits[MOST_EARLY_EXITS];
int early_exit_count;

void end_with_line(const char* kind, const char* more, va_list values) {
    fprintf(report, "{\"kind\": \"%s\"", kind);
    if (launch.block >= 0) {
        Coordinates thread = thread_coordinates(launch.thread);
        Coordinates block = block_coordinates(launch.block);
        fprintf(report, ", \"thread\": [%u,%u,%u]", thread.x, thread.y, thread.z);
        fprintf(report, ", \"block\": [%u,%u,%u]", block.x, block.y, block.z);
    }
    if (*more != 0) {
        fputs(", ", report);
        vfprintf(report, more, values);
    }
    fputs("}\n", report);
}

uintptr_t interrupted_at(void* context) {
    const mcontext_t& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
    return uintptr_t(machine.gregs[REG_RIP]);
#else
    return uintptr_t(machine.pc);
#endif
}

// The array whose memory, or the page behind it, holds this address.
const Array* array_near(const char* address) {
    for (int i = 0; i < launch.array_count; i++) {
        const Range& memory = launch.arrays[i].memory;
        if (address >= memory.begin && address < memory.begin + memory.bytes + 8192) return &launch.arrays[i];
    }
    return nullptr;
}

// A place is told as the return address of a call is: one past the instruction.
void on_fault(int, siginfo_t* fault, void* context) {
    const char* address = static_cast<const char*>(fault->si_addr);
    unsigned long pc = interrupted_at(context) + 1;
    if (launch.stacks.holds(address)) {
        fail("stack-overflow", "\"pc\": \"0x%lx\", \"limit\": %zu", pc, STACK_BYTES);
    }
    const Array* array = array_near(address);
    unsigned long shown = (unsigned long)fault->si_addr;
    if (array == nullptr) fail("segfault", "\"pc\": \"0x%lx\", \"address\": \"0x%lx\"", pc, shown);
    if (array->memory.holds(address) && !array->writable) {
        fail("read-only", "\"pc\": \"0x%lx\", \"array\": \"%s\", \"access\": \"write\"", pc, array->name);
    }
    fail("segfault", "\"pc\": \"0x%lx\", \"address\": \"0x%lx\", \"array\": \"%s\"", pc, shown, array->name);
}

void on_arithmetic(int, siginfo_t*, void* context) {
    fail("division", "\"pc\": \"0x%lx\"", (unsigned long)(interrupted_at(context) + 1));
}

// clang ends a path that cannot be taken without undefined behaviour by such an instruction.
void on_illegal(int, siginfo_t*, void* context) {
    fail("undefined", "\"pc\": \"0x%lx\", \"what\": \"what C++ leaves undefined has happened\"",
         (unsigned long)(interrupted_at(context) + 1));
}

void on_alarm(int, siginfo_t*, void* context) {
    fail("timeout", "\"pc\": \"0x%lx\", \"seconds\": %g", (unsigned long)(interrupted_at(context) + 1),
         time_limit);
}

void on_no_memory() { fail("memory", "\"limit\": %ld", memory_limit); }

void on_signal(int signal, void (*handler)(int, siginfo_t*, void*)) {
    struct sigaction action = {};
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;  // the thread's own stack may be what overflowed
    sigaction(signal, &action, nullptr);
}

}  // namespace

void open_report(const char* path) {
    report = fopen(path, "w");
    if (report != nullptr) return;
    perror(path);
    _exit(FAILED);
}

void close_report() {
    fflush(stdout);
    if (fclose(report) != 0) _exit(FAILED);
}

void report_line(const char* text, ...) {
    va_list values;
    va_start(values, text);
    fputc('{', report);
    vfprintf(report, text, values);
    fputs("}\n", report);
    va_end(values);
}

void fail(const char* kind, const char* more, ...) {
    if (!failing) {  // a fault while failing, in the checker or here, ends the program at once
        failing = true;
        va_list values;
        va_start(values, more);
        end_with_line(kind, more, values);
        va_end(values);
        report_early_exits();
        if (launch_end) launch_end();
    }
    fflush(report);
    fflush(stdout);
    _exit(FAILED);
}

void note_early_exit(int line, int count) {
    for (int i = 0; i < early_exit_count; i++) {
        if (early_exits[i].line == line) return;
    }
    if (early_exit_count < MOST_EARLY_EXITS) early_exits[early_exit_count++] = {line, count, launch.block};
}

void report_early_exits() {
    for (int i = 0; i < early_exit_count; i++) {
        Coordinates block = block_coordinates(early_exits[i].block);
        report_line("\"kind\": \"early-exit\", \"line\": %d, \"count\": %d, \"block\": [%u,%u,%u]",
                    early_exits[i].line, early_exits[i].count, block.x, block.y, block.z);
    }
}

void catch_faults(double seconds) {
    stack_t stack = {};
    stack.ss_size = 64 << 10;
    stack.ss_sp = malloc(stack.ss_size);
    sigaltstack(&stack, nullptr);
    on_signal(SIGSEGV, on_fault);
    on_signal(SIGBUS, on_fault);
    on_signal(SIGFPE, on_arithmetic);
    on_signal(SIGILL, on_illegal);
    on_signal(SIGALRM, on_alarm);
    std::set_new_handler(on_no_memory);
    time_limit = seconds;
    itimerval timer = {};
    timer.it_value.tv_sec = time_t(seconds);
    timer.it_value.tv_usec = suseconds_t((seconds - double(time_t(seconds))) * 1e6);
    setitimer(ITIMER_REAL, &timer, nullptr);
}

// ---- what a kernel calls

uint64_t clock() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return uint64_t(now.tv_sec) * 1000000000u + uint64_t(now.tv_nsec);
}

int print(const char* format, ...) {
    static long printed = 0;
    if (printed >= MOST_PRINTED) return -1;
    va_list values;
    va_start(values, format);
    int count = vprintf(format, values);
    va_end(values);
    printed += count;
    return count;
}

// The condition is the kernel's text, and may hold what JSON needs escaped: it goes to the kernel's own
// output.
void assertion_failed(const char* condition, Line line) {
    printf("Assertion `%s` failed.\n", condition);
    fail("assertion", "\"line\": %d", line);
}

void trap(Line line) { fail("trap", "\"line\": %d", line); }

}  // namespace simt
