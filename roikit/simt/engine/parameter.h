// A kernel as the engine knows it: how it is called, and its parameters.
#pragma once

namespace simt {

// What a parameter, or what a pointer points at, is.
enum class Kind : char {
    BOOLEAN = 'b',
    INTEGER = 'i',
    UNSIGNED = 'u',
    FLOAT = 'f',
    STRUCTURE = 'V',  // float4, __half, a struct of the kernel's author
    BYTES = 'x',      // behind void*
};

struct Parameter {
    const char* type;     // as the compiler spells it, among other words
    const char* element;  // of what a pointer points at, without const
    bool pointer;
    bool constant;  // a pointer to const
    Kind kind;
    int bytes;
};

// Both are written behind the kernel's text: language/entry.h.
void call_kernel(void** arguments);
int kernel_parameters(const Parameter** table);

}  // namespace simt
