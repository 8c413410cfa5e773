// The file that holds a launch: a header, the arguments, the shared variables, then the bytes of values and
// arrays, each array at the start of a page. roikit/simt/launch.py writes it.
#pragma once
#include <stdint.h>

namespace simt {

constexpr int MOST_DYNAMIC_SHARED = 227 << 10;

struct CaseHeader {
    uint32_t grid[3];
    uint32_t block[3];
    int32_t order;  // an Order
    int32_t arguments;
    int32_t shared_variables;
    int32_t dynamic_shared;  // bytes
    uint64_t seed;
    double seconds;
    int64_t memory;  // bytes
    char dynamic_shared_name[64];
};

struct CaseArgument {
    enum What : int32_t { VALUE, ARRAY, NULL_POINTER, SAME_ARRAY };
    What what;
    int32_t element;  // bytes
    int32_t writable;
    int32_t initialised;
    uint64_t bytes;
    int64_t offset;  // in the file; SAME_ARRAY: the number of the argument that holds it
    char name[64];
};

// A static __shared__ variable; a guard of the compiler's has no name.
struct CaseVariable {
    uint64_t offset;  // in the static shared memory
    uint64_t bytes;
    char name[64];
};

}  // namespace simt
