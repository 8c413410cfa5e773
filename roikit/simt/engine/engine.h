// What the engine knows about a launch while it runs, and the hooks through which a checker follows it.
//
// The engine alone is mode "fast". Mode "check" links a checker beside it, which defines the weak hooks
// below; the engine calls each of them only where it is defined.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "access.h"

namespace simt {

// A stretch of memory.
struct Range {
    char* begin;
    size_t bytes;
    bool holds(const void* p) const { return p >= begin && p < begin + bytes; }
};

// An array that was passed to the kernel, or a variable that the kernel declares itself.
struct Array {
    Range memory;
    int element;       // bytes of one element; 0: not known (a __shared__ variable)
    int argument;      // position among the kernel's arguments, from 0; -1: a __shared__ variable
    bool writable;     // false behind a pointer to const
    bool initialised;  // false: nothing has been written yet (simt.empty, every __shared__ variable)
    char name[64];     // as the kernel's author wrote it
};

// The launch, the block that runs, and the thread that runs.
struct Launch {
    int threads;  // threads of a block
    int thread;   // the running thread's number in its block, x fastest; its warp is thread / 32
    long block;   // the running block's number in the grid, x fastest
    long blocks;  // blocks of the grid
    int epoch;    // __syncthreads() that this block has passed: accesses of different epochs are ordered

    Array* arrays;  // the arguments that are arrays, in order; null pointers are left out
    int array_count;
    Array* shared;  // the static __shared__ variables of the program, by address
    int shared_count;
    Range* guards;  // among them, variables of the compiler: is one of the kernel's constructed?
    int guard_count;
    Range static_shared;   // all static __shared__ storage, filled with 0xFF before each block
    Array dynamic_shared;  // the launch's dynamic shared memory, filled with 0xFF before each block
    Range stacks;          // the threads' stacks: their local variables
    Range globals;  // the program: __constant__ and __device__ variables, literals; dynamic shared memory
                    // lies in it
};
extern Launch launch;

// The coordinates of a thread of the block, and of a block of the grid, by number.
struct Coordinates {
    unsigned x, y, z;
};
Coordinates thread_coordinates(int thread);
Coordinates block_coordinates(long block);

// ---- the report: one JSON object a line
//
//   {"kind": "out-of-bounds", "pc": "0x401234", "thread": [63,0,0], "block": [3,0,0], ...}
//   {"kind": "divergent-barrier", "line": 6, "thread": [..], "block": [..], "other": {"line": 5, "thread":
//   [..]}}
//   {"kind": "traffic", "pc": "0x401234", "space": "global", ...}
//
// "kind" says what the line is: the kind of a finding, or "traffic". A place in the kernel is either "line",
// known to the compiler, or "pc", the return address of a call (one past the instruction meant), which Python
// looks up. What else a line holds is agreed between who writes it and who reads it.
//
// Kinds the engine itself writes:
//   divergent-barrier  line, thread, block, other {line, thread}: waits here while the other waits there
//   early-exit         line, count, block: so many threads had returned when the others met at this barrier
//   deadlock           line, thread, block, operation: waits in a warp operation for lanes that never come
//   warp-mask          line, thread, block, mask (a number): the mask leaves out the thread that calls
//   segfault           pc, thread, block, address (text "0x.."), and "array" where the fault is near one
//   stack-overflow     pc, thread, block, limit (bytes)
//   read-only          pc, thread, block, array, access "write": a fault on an array behind a const pointer
//   division           pc, thread, block: of an integer by zero, or of the smallest by -1
//   assertion          line, thread, block: assert() failed; its text is printed
//   trap               line, thread, block: __trap() was called
//   timeout            pc, thread, block, seconds
//   memory             limit (bytes): the kernel, or the checker, took more beside the arrays
//   end                seconds, threads, switches: the launch ran to its end
//
// One call writes one line; `text` is what lies between the braces, without them: report_line("\"kind\":
// ...").
void report_line(const char* text, ...) __attribute__((format(printf, 1, 2)));

// Report a last line, of this kind, with the running thread's "thread" and "block" added, and end the
// program. `more` holds the other members, such as "\"line\": %d"; it may be "".
[[noreturn]] void fail(const char* kind, const char* more, ...) __attribute__((format(printf, 2, 3)));

// ---- hooks of the checker
void launch_begin() __attribute__((weak));  // `launch` is complete; no thread has run
void block_begin()
    __attribute__((weak));  // shared memory is filled with 0xFF; no thread of the block has run
void block_end() __attribute__((weak));
void launch_end() __attribute__((weak));  // all blocks are done, or fail() ends the program: write totals now

// Lanes of a warp met in __syncwarp(): what each did before lies before what any of them does next. Bit i of
// `lanes` is thread 32 * warp + i. Not called for shuffles and votes: CUDA says that they order no memory
// accesses.
void warp_met(int warp, unsigned lanes) __attribute__((weak));

// A thread takes a value from a lane of its warp that is not in the mask, or has returned.
void source_absent(int thread, int lane, int line) __attribute__((weak));

// access() and fenced(), which the kernel's own text calls, are in access.h.

}  // namespace simt
