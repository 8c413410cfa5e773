// Going from one stack to another: all that makes a thread of the kernel a thread here.
//
// simt_switch(&left, entered) keeps on the stack it leaves the registers that a called function must
// preserve, stores that stack's pointer in `left`, takes `entered` as the stack pointer and restores what was
// kept there. It returns to whoever called simt_switch on that other stack. All other registers are the
// caller's to lose, as in any call.
#pragma once
#include <stdint.h>
#include <string.h>

extern "C" void simt_switch(void** left, void* entered);

namespace simt {

// A stack on which nothing has run: simt_switch to what this returns calls `function`, which must not return.
inline void* fresh_stack(char* top, void (*function)());

}  // namespace simt

#if defined(__x86_64__)

__asm__(
    ".text\n"
    ".globl simt_switch\n"
    ".type simt_switch, @function\n"
    "simt_switch:\n"
    "  pushq %rbp\n"  // the six registers that a function gives back as it found them
    "  pushq %rbx\n"
    "  pushq %r12\n"
    "  pushq %r13\n"
    "  pushq %r14\n"
    "  pushq %r15\n"
    "  movq %rsp, (%rdi)\n"  // *left = this stack, as it is now
    "  movq %rsi, %rsp\n"    // on to the other stack, left in the same way
    "  popq %r15\n"          // its six registers, in the opposite order
    "  popq %r14\n"
    "  popq %r13\n"
    "  popq %r12\n"
    "  popq %rbx\n"
    "  popq %rbp\n"
    "  ret\n"  // to the return address that its call of simt_switch pushed
    ".size simt_switch, .-simt_switch\n");

inline void* simt::fresh_stack(char* top, void (*function)()) {
    void** stack = reinterpret_cast<void**>(reinterpret_cast<uintptr_t>(top) & ~uintptr_t(15));
    *--stack = nullptr;  // where `function` would return to; it also leaves the stack aligned as after a call
    *--stack = reinterpret_cast<void*>(function);    // what `ret` takes
    for (int i = 0; i < 6; i++) *--stack = nullptr;  // what the six pops take
    return stack;
}

#elif defined(__aarch64__)

__asm__(
    ".text\n"
    ".globl simt_switch\n"
    ".type simt_switch, %function\n"
    "simt_switch:\n"
    "  sub sp, sp, #160\n"
    "  stp x19, x20, [sp]\n"  // x19 .. x28: the registers that a function gives back as it found them
    "  stp x21, x22, [sp, #16]\n"
    "  stp x23, x24, [sp, #32]\n"
    "  stp x25, x26, [sp, #48]\n"
    "  stp x27, x28, [sp, #64]\n"
    "  stp x29, x30, [sp, #80]\n"  // the frame pointer, and the address to return to
    "  stp d8, d9, [sp, #96]\n"    // d8 .. d15: of the floating point registers, these
    "  stp d10, d11, [sp, #112]\n"
    "  stp d12, d13, [sp, #128]\n"
    "  stp d14, d15, [sp, #144]\n"
    "  mov x9, sp\n"
    "  str x9, [x0]\n"  // *left = this stack, as it is now
    "  mov sp, x1\n"    // on to the other stack, left in the same way
    "  ldp x19, x20, [sp]\n"
    "  ldp x21, x22, [sp, #16]\n"
    "  ldp x23, x24, [sp, #32]\n"
    "  ldp x25, x26, [sp, #48]\n"
    "  ldp x27, x28, [sp, #64]\n"
    "  ldp x29, x30, [sp, #80]\n"
    "  ldp d8, d9, [sp, #96]\n"
    "  ldp d10, d11, [sp, #112]\n"
    "  ldp d12, d13, [sp, #128]\n"
    "  ldp d14, d15, [sp, #144]\n"
    "  add sp, sp, #160\n"
    "  ret\n"  // to x30
    ".size simt_switch, .-simt_switch\n");

inline void* simt::fresh_stack(char* top, void (*function)()) {
    char* stack = reinterpret_cast<char*>(reinterpret_cast<uintptr_t>(top) & ~uintptr_t(15)) - 160;
    memset(stack, 0, 160);
    reinterpret_cast<void**>(stack)[11] = reinterpret_cast<void*>(function);  // x30, to which `ret` goes
    return stack;
}

#else
#error "roikit.simt runs on x86-64 and aarch64 processors"
#endif
