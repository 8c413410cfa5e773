// The checker: mode "check" links it beside the engine. It follows every access of a kernel's arrays and of
// its shared memory, and writes what is wrong to the report in CUDA's terms.
//
//   check_access.cpp     where an access comes in: whose memory is it, and may it be touched there
//   check_shadow.cpp     what each word of memory went through: races, reads of what nobody wrote
//   check_order.cpp      which accesses are ordered: barriers, __syncwarp(), fences with atomics
//   check_traffic.cpp    what warps ask of the memory: sectors, lines, bank conflicts
//   check_undefined.cpp  what the compiler's own checks find: overflow, bad casts, indices of fixed arrays
//   check_report.cpp     findings, each once, kept until the launch ends
#pragma once
#include <stdint.h>

#include <string>
#include <vector>

#include "engine.h"

namespace simt {

inline bool is_atomic(Access kind) { return kind >= ATOMIC; }
inline const char* name_of(Access kind) { return kind == READ ? "read" : kind == WRITE ? "write" : "atomic"; }

// ---- sites: the instructions that access memory, numbered from 1 as they are first met

struct Site {
    uintptr_t pc = 0;    // the return address: one past the instruction
    Access kind = READ;  // a copy reads and writes: two sites
    int space = -1;      // the space it accessed last
};
extern std::vector<Site> sites;
uint32_t site_of(void* pc, Access kind);

// ---- spaces: the stretches of memory that a kernel may access

struct Cell;

struct Space {
    Array array;
    bool shared = false;
    uint32_t write_site = 0;  // an instruction that wrote here
    Cell* cells = nullptr;    // the history of each word; made at the first access that needs one

    // Elements are those of the array; of a variable of unknown type, pieces as large as the access.
    int element(int bytes) const { return array.element > 0 ? array.element : bytes; }
};
extern std::vector<Space> spaces;

// One access of one thread.
struct Touch {
    const char* address;
    int bytes;
    Access kind;
    uint32_t site;
    bool aligned;  // as one instruction of a GPU must be; memcpy may begin anywhere

    bool writes() const { return kind != READ; }
    bool reads() const { return kind != WRITE; }
    bool atomic() const { return is_atomic(kind); }
};

// ---- check_shadow.cpp
void shadow_begin();
void shadow_access(Space& space, const Touch& touch);
void shadow_settle();  // judge the write that waited until its value stood in memory
void shadow_end(bool complete);

// ---- check_order.cpp
void order_begin();
void order_block_begin();
void order_atomic(const void* address);
int lane_step();                        // how often the running thread has met others of its warp
bool knows_step(int thread, int step);  // the running thread has met that one of its warp since its step
bool knows_block(long block);           // a fence and an atomic lie between that block and this

// ---- check_traffic.cpp
void traffic_begin();
void traffic_block_begin();
void traffic_block_end();
void traffic_access(const Space& space, const Touch& touch);
void traffic_end(bool complete);

// ---- check_report.cpp

// Members of a JSON object, as report_line() takes them.
std::string members(const char* format, ...) __attribute__((format(printf, 1, 2)));
std::string place_of(uint32_t site);      // "pc"
std::string runner();                     // "thread" and "block" of the running thread
std::string who(int thread, long block);  // the same of any
std::string target(const Space& space, const Touch& touch);     // "array", "space", "index" and what is done
std::string described(const Space& space, const Touch& touch);  // all of these, of the running thread

// Keep a finding until the launch ends. `first` and `second` are the sites it names (0: none); the same kind
// at the same sites is kept once.
void keep(const char* kind, uint32_t first, uint32_t second, const std::string& text);
bool kept(const char* kind, uint32_t first, uint32_t second);
void drop(const char* kind, uint32_t site);  // a better explanation was found: forget these
void write_findings();

}  // namespace simt
