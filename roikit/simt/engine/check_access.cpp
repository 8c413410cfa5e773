// Where an access comes in: from the compiler, which calls __tsan_read4 and its like before each load and
// store (-fsanitize=thread, with this file in place of its library), or from the language headers.
#include <string.h>

#include <algorithm>

#include "../language/runtime.h"
#include "case.h"
#include "check.h"

namespace simt {

std::vector<Site> sites;
std::vector<Space> spaces;

namespace {

const uintptr_t NEAR_NULL = 1 << 20;      // no program has memory of its own so low
const uintptr_t FAR_AWAY = 1ull << 36;    // farther than an index of 32 bits can lead
const size_t REMEMBERED = 1 << 12;

bool running = false;
bool inside_block = false;
uint32_t recent_sites[REMEMBERED];

void add_space(const Array& array, bool shared) {
    Space space;
    space.array = array;
    space.shared = shared;
    spaces.push_back(space);
}

void find_spaces() {
    spaces.clear();
    for (int i = 0; i < launch.array_count; i++) {
        add_space(launch.arrays[i], false);
    }
    for (int i = 0; i < launch.shared_count; i++) {
        add_space(launch.shared[i], true);
    }
    if (launch.shared_count == 0 && launch.static_shared.bytes > 0) {
        Array whole = {launch.static_shared, 0, -1, true, false, ""};
        add_space(whole, true);
    }
    add_space(launch.dynamic_shared, true);
}

bool within(const Space& space, const char* address, int bytes) {
    const Range& memory = space.array.memory;
    return address >= memory.begin && address + bytes <= memory.begin + memory.bytes;
}

Space* space_of(const char* address, int bytes, Site& site) {
    if (site.space >= 0 && within(spaces[site.space], address, bytes)) {
        return &spaces[site.space];
    }
    for (size_t i = 0; i < spaces.size(); i++) {
        if (within(spaces[i], address, bytes)) {
            site.space = (int)i;
            return &spaces[i];
        }
    }
    return nullptr;
}

uintptr_t distance(const Space& space, const char* address) {
    uintptr_t begin = (uintptr_t)space.array.memory.begin;
    uintptr_t end = begin + space.array.memory.bytes;
    uintptr_t at = (uintptr_t)address;
    return at < begin ? begin - at : at < end ? 0 : at - end;
}

// The array that an access outside of all was meant for: the one this instruction accessed before, else the
// nearest.
const Space* meant(const char* address, const Site& site) {
    if (site.space >= 0 && distance(spaces[site.space], address) < FAR_AWAY) {
        return &spaces[site.space];
    }
    const Space* nearest = nullptr;
    for (const Space& space : spaces) {
        if (!nearest || distance(space, address) < distance(*nearest, address)) {
            nearest = &space;
        }
    }
    return nearest && distance(*nearest, address) < FAR_AWAY ? nearest : nullptr;
}

// Is the element's index the thread's own number in the grid? Then a guard is missing.
bool is_own_element(const Space& space, const Touch& touch) {
    long width = thread_coordinates(launch.threads - 1).x + 1;
    long number = block_coordinates(launch.block).x * width + thread_coordinates(launch.thread).x;
    long offset = touch.address - space.array.memory.begin;
    return !space.shared && offset == number * space.element(touch.bytes);
}

// A constant or a __device__ variable. The room for dynamic shared memory lies among them, but belongs to the
// launch, as far as it asked for it.
bool is_variable(const void* address) {
    Range room = {dynamic_shared_memory, MOST_DYNAMIC_SHARED};
    bool is_guard = std::any_of(launch.guards, launch.guards + launch.guard_count,
                                [&](const Range& guard) { return guard.holds(address); });
    return is_guard || (launch.globals.holds(address) && !room.holds(address));
}

[[noreturn]] void outside(const Touch& touch) {
    const Space* space = meant(touch.address, sites[touch.site]);
    std::string place = place_of(touch.site);
    if ((uintptr_t)touch.address < NEAR_NULL) {
        fail("null-pointer", "%s, \"access\": \"%s\", \"bytes\": %d", place.c_str(), name_of(touch.kind),
             touch.bytes);
    }
    if (!space) {
        fail("out-of-bounds", "%s, \"address\": \"%p\"", place.c_str(), (const void*)touch.address);
    }
    const char* guard = is_own_element(*space, touch) ? "true" : "false";
    fail("out-of-bounds", "%s, %s, \"guard\": %s", place.c_str(), target(*space, touch).c_str(), guard);
}

void judge(Space& space, const Touch& touch) {
    if (touch.aligned && (uintptr_t)touch.address % touch.bytes != 0) {
        std::string byte = members("\"byte\": %ld", (long)(touch.address - space.array.memory.begin));
        keep("misaligned", touch.site, 0, described(space, touch) + ", " + byte);
    }
    if (touch.writes() && !space.array.writable) {
        keep("read-only", touch.site, 0, described(space, touch));
    }
    shadow_access(space, touch);
    if (touch.writes()) {
        space.write_site = touch.site;
    }
    traffic_access(space, touch);
}

}  // namespace

uint32_t site_of(void* pc, Access kind) {
    auto is_it = [&](const Site& site) { return site.pc == (uintptr_t)pc && site.kind == kind; };
    uint32_t& recent = recent_sites[((uintptr_t)pc + kind) % REMEMBERED];
    if (!is_it(sites[recent])) {
        auto found = std::find_if(sites.begin() + 1, sites.end(), is_it);
        recent = (uint32_t)(found - sites.begin());
        if (found == sites.end()) {
            sites.push_back({(uintptr_t)pc, kind, -1});
        }
    }
    return recent;
}

void follow(const void* address, int bytes, Access kind, void* pc, bool aligned) {
    if (!running || bytes == 0 || launch.stacks.holds(address)) {
        return;
    }
    shadow_settle();
    Touch touch = {(const char*)address, bytes, kind, site_of(pc, kind), aligned};
    Space* space = space_of(touch.address, bytes, sites[touch.site]);
    if (space) {
        judge(*space, touch);
    } else if (!is_variable(address)) {
        outside(touch);
    }
}

void access(const void* address, int bytes, Access kind, void* pc) {
    follow(address, bytes, kind, pc, true);
}

void launch_begin() {
    sites.assign(1, Site());
    find_spaces();
    order_begin();
    shadow_begin();
    traffic_begin();
    running = true;
}

void block_begin() {
    inside_block = true;
    order_block_begin();
    traffic_block_begin();
}

void block_end() {
    shadow_settle();
    traffic_block_end();
    inside_block = false;
}

void launch_end() {
    if (!running) {
        return;
    }
    running = false;
    shadow_settle();
    bool complete = !inside_block;
    shadow_end(complete);
    write_findings();
    traffic_end(complete);
}

}  // namespace simt

// ---- what the compiler calls: a function for each kind and size of access; only a macro can make the names
using simt::READ;
using simt::WRITE;

extern "C" {

#define CALLER __builtin_return_address(0)

#define ON_ACCESS(name, n, aligned)                         \
    void __tsan_##name##read##n(void* address) {             \
        simt::follow(address, n, READ, CALLER, aligned);     \
    }                                                        \
    void __tsan_##name##write##n(void* address) {            \
        simt::follow(address, n, WRITE, CALLER, aligned);    \
    }                                                        \
    void __tsan_##name##read_write##n(void* address) {       \
        simt::follow(address, n, READ, CALLER, aligned);     \
        simt::follow(address, n, WRITE, CALLER, aligned);    \
    }
#define ON_ACCESS_OF(n)                    \
    ON_ACCESS(, n, true)                   \
    ON_ACCESS(volatile_, n, true)          \
    ON_ACCESS(unaligned_, n, false)        \
    ON_ACCESS(unaligned_volatile_, n, false)

ON_ACCESS_OF(1)
ON_ACCESS_OF(2)
ON_ACCESS_OF(4)
ON_ACCESS_OF(8)
ON_ACCESS_OF(16)

void __tsan_read_range(void* address, size_t bytes) {
    simt::follow(address, (int)bytes, READ, CALLER, false);
}

void __tsan_write_range(void* address, size_t bytes) {
    simt::follow(address, (int)bytes, WRITE, CALLER, false);
}

void* __tsan_memcpy(void* to, const void* from, size_t bytes) {
    simt::follow(from, (int)bytes, READ, CALLER, false);
    simt::follow(to, (int)bytes, WRITE, CALLER, false);
    return memcpy(to, from, bytes);
}

void* __tsan_memmove(void* to, const void* from, size_t bytes) {
    simt::follow(from, (int)bytes, READ, CALLER, false);
    simt::follow(to, (int)bytes, WRITE, CALLER, false);
    return memmove(to, from, bytes);
}

void* __tsan_memset(void* to, int value, size_t bytes) {
    simt::follow(to, (int)bytes, WRITE, CALLER, false);
    return memset(to, value, bytes);
}

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}

}  // extern "C"
