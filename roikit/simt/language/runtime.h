// What a kernel calls in the engine.
#pragma once
#include <stdint.h>

#include "../engine/access.h"

namespace simt {

using Line = int;  // the line of the kernel's source that calls

void block_barrier(Line line);
enum class Vote { COUNT, ALL, ANY };
int block_vote(bool predicate, Vote vote, Line line);

void warp_barrier(unsigned lanes, Line line);
int lane();                           // of the running thread, in its warp
unsigned converged_lanes(Line line);  // the lanes of its warp that reach this line together

// Each of `lanes` gives a value and receives the one that lane `source` gave.
uint64_t warp_shuffle(unsigned lanes, uint64_t value, int source, Line line);
// Each of `lanes` gives a value and receives what `combine` makes of all of them, one after another.
using Combine = uint64_t (*)(uint64_t, uint64_t);
uint64_t warp_reduce(unsigned lanes, uint64_t value, Combine combine, Line line);
// Each of `lanes` gives a value and receives the lanes that gave the same.
unsigned warp_match(unsigned lanes, uint64_t value, Line line);

uint64_t clock();
int print(const char* format, ...) __attribute__((format(printf, 1, 2)));
[[noreturn]] void assertion_failed(const char* condition, Line line);
[[noreturn]] void trap(Line line);

// Shared memory whose size the launch gives.
extern char dynamic_shared_memory[];

}  // namespace simt

// A function that the checker sees as one access of its caller's line: an atomic, a vector type's copy. Its
// own loads and stores are then not seen again.
#ifdef SIMT_CHECK
#define SIMT_ONE_ACCESS __attribute__((noinline, no_sanitize("thread"), no_sanitize("undefined")))
#define SIMT_SEEN(address, bytes, kind) simt::access(address, bytes, kind, __builtin_return_address(0))
#define SIMT_FENCED() simt::fenced()
#else
#define SIMT_ONE_ACCESS inline
#define SIMT_SEEN(address, bytes, kind)
#define SIMT_FENCED()
#endif

// A function of the language that is not a place of its own: the checker names the line that calls it.
#define SIMT_INLINE inline __attribute__((always_inline))
