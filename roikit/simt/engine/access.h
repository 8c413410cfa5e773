// The checker's hooks for what the compiler does not instrument.
#pragma once

namespace simt {

// COMPARE_AND_SWAP is an atomic as well; the checker tells it apart because a plain read before it is usual.
enum Access { READ = 0, WRITE = 1, ATOMIC = 2, COMPARE_AND_SWAP = 3 };

// A vector type's copy, or an atomic. `pc` is the return address. Called only in mode "check"; plain loads
// and stores reach the checker through the __tsan_* functions that the compiler calls under
// -fsanitize=thread, and what UBSan finds through __ubsan_handle_*. All these are the checker's own: a
// program is linked without any -fsanitize option. UBSan's kinds:
// bounds,signed-integer-overflow,shift-exponent,float-cast-overflow,integer-divide-by-zero,vla-bound,return.
void access(const void* address, int bytes, Access kind, void* pc) __attribute__((weak));

// The running thread passed __threadfence(): an atomic after it may publish what the thread wrote.
void fenced() __attribute__((weak));

}  // namespace simt
