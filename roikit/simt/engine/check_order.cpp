// Which accesses are ordered. Barriers of the block need no book: launch.epoch counts them. Here are the two
// finer orders: __syncwarp() between lanes, and fences with atomics between blocks.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "check.h"

namespace simt {
namespace {

const int LANES = 32;

// The lanes of a warp as a vector clock: knows[i][j] is the last step of lane j that lane i has met.
struct Warp {
    int step[LANES];
    int knows[LANES][LANES] = {};
    Warp() { std::fill(step, step + LANES, 1); }
};
std::vector<Warp> warps;

// A block publishes at an address: one of its threads passed a fence and then did an atomic there. A later
// block that does an atomic there as well may read what it wrote: "the last block adds up the sums of all".
using Blocks = std::unordered_set<long>;
std::unordered_map<const void*, Blocks> published;
std::vector<const Blocks*> acquired;
std::vector<bool> has_fenced;
bool fences_used = false;

}  // namespace

void order_begin() {
    warps.assign((launch.threads + LANES - 1) / LANES, Warp());
}

void order_block_begin() {
    acquired.clear();
    has_fenced.assign(launch.threads, false);
}

int lane_step() {
    return warps[launch.thread / LANES].step[launch.thread % LANES];
}

bool knows_step(int thread, int step) {
    if (thread / LANES != launch.thread / LANES) {
        return false;
    }
    return warps[thread / LANES].knows[launch.thread % LANES][thread % LANES] >= step;
}

void warp_met(int warp, unsigned lanes) {
    Warp& clock = warps[warp];
    int joined[LANES] = {};
    for (int i = 0; i < LANES; i++) {
        if (lanes >> i & 1) {
            clock.knows[i][i] = clock.step[i];
            for (int j = 0; j < LANES; j++) {
                joined[j] = std::max(joined[j], clock.knows[i][j]);
            }
        }
    }
    for (int i = 0; i < LANES; i++) {
        if (lanes >> i & 1) {
            std::copy(joined, joined + LANES, clock.knows[i]);
            clock.step[i]++;
        }
    }
}

void source_absent(int thread, int lane, int line) {
    std::string text = members("\"line\": %d, \"source\": %d, ", line, lane);
    keep("absent-lane", (uint32_t)line, 0, text + who(thread, launch.block));
}

void fenced() {
    fences_used = true;
    has_fenced[launch.thread] = true;
}

void order_atomic(const void* address) {
    if (!fences_used) {
        return;
    }
    Blocks& blocks = published[address];
    if (std::find(acquired.begin(), acquired.end(), &blocks) == acquired.end()) {
        acquired.push_back(&blocks);
    }
    if (has_fenced[launch.thread]) {
        blocks.insert(launch.block);
    }
}

bool knows_block(long block) {
    auto holds = [&](const Blocks* blocks) { return blocks->count(block) > 0; };
    return std::any_of(acquired.begin(), acquired.end(), holds);
}

}  // namespace simt
