// What warps ask of the memory, at each instruction: requests, and the sectors, lines and turns they take.
//
// The n-th time that each lane of a warp runs an instruction is one request: on a GPU the lanes run together.
// (Lanes that went through a loop different numbers of times are matched by count, not by time.) Only a part
// of the blocks is counted, the same in each run.
#include <algorithm>

#include "check.h"

namespace simt {
namespace {

const int LANES = 32;
const int BANKS = 32;
const int BANK_BYTES = 4;
const int SECTOR_BYTES = 32;
const int SECTORS_PER_LINE = 4;

const long SAMPLED_BLOCKS = 64;
const size_t MOST_REQUESTS = 1 << 17;  // held at a time, for one block

// Where each lane of a warp reads or writes, in one run of an instruction.
struct Request {
    unsigned active = 0;  // lanes: a bit each
    uintptr_t address[LANES];
};

// What one instruction asked for.
struct Counts {
    bool met = false;
    bool shared = false;
    int bytes = 0;  // of a lane
    long requests = 0;
    long lanes = 0;
    long sectors = 0;
    long lines = 0;
    long wavefronts = 0;
    std::vector<std::vector<Request>> by_warp;  // of the running block: the n-th request of each warp
    std::vector<uint32_t> runs;                 // of the running block: how often each thread came here
};
std::vector<Counts> counts;  // by site
size_t held = 0;
bool sampling = false;
long sampled = 0;
long cut = 0;  // accesses left out where a block makes more requests than are held

// About SAMPLED_BLOCKS of the grid, spread evenly without a rhythm: multiples of the golden ratio.
bool is_sampled(long block) {
    if (launch.blocks <= SAMPLED_BLOCKS || block == 0) {
        return true;
    }
    uint32_t spread = (uint32_t)block * 2654435769u;
    return spread < (uint32_t)((1ull << 32) * SAMPLED_BLOCKS / launch.blocks);
}

template <class Values>
size_t sort_distinct(Values& values, size_t count) {
    std::sort(values, values + count);
    return std::unique(values, values + count) - values;
}

void count_global(Counts& site, const Request& request) {
    uintptr_t sectors[LANES * 2];
    size_t count = 0;
    for (int lane = 0; lane < LANES; lane++) {
        if (request.active >> lane & 1) {
            sectors[count++] = request.address[lane] / SECTOR_BYTES;
            sectors[count++] = (request.address[lane] + site.bytes - 1) / SECTOR_BYTES;
        }
    }
    count = sort_distinct(sectors, count);
    site.sectors += count;
    for (size_t i = 0; i < count; i++) {
        site.lines += i == 0 || sectors[i] / SECTORS_PER_LINE != sectors[i - 1] / SECTORS_PER_LINE;
    }
}

// The turns that some lanes take together: a bank gives one word a turn, to all lanes that want that word.
// Atomics on one word take turns as well.
long turns(const Request& request, int begin, int end, int bytes, bool atomic) {
    uintptr_t words[LANES * 4];
    size_t count = 0;
    for (int lane = begin; lane < end; lane++) {
        if (request.active >> lane & 1) {
            for (int byte = 0; byte < bytes; byte += BANK_BYTES) {
                words[count++] = (request.address[lane] + byte) / BANK_BYTES;
            }
        }
    }
    if (!atomic) {
        count = sort_distinct(words, count);
    }
    long wanted[BANKS] = {};
    for (size_t i = 0; i < count; i++) {
        wanted[words[i] % BANKS]++;
    }
    return *std::max_element(wanted, wanted + BANKS);
}

// Accesses of 8 bytes are served for half of the warp at a time, of 16 bytes for a quarter.
void count_shared(Counts& site, const Request& request, bool atomic) {
    int together = site.bytes <= 4 ? LANES : site.bytes == 8 ? LANES / 2 : LANES / 4;
    for (int begin = 0; begin < LANES; begin += together) {
        site.wavefronts += turns(request, begin, begin + together, site.bytes, atomic);
    }
}

void count_requests(Counts& site, bool atomic) {
    for (std::vector<Request>& requests : site.by_warp) {
        for (const Request& request : requests) {
            site.requests++;
            site.lanes += __builtin_popcount(request.active);
            if (site.shared) {
                count_shared(site, request, atomic);
            } else {
                count_global(site, request);
            }
        }
        requests.clear();
    }
    std::fill(site.runs.begin(), site.runs.end(), 0);
}

}  // namespace

void traffic_begin() {
    counts.clear();
    held = 0;
    sampling = false;
    sampled = 0;
    cut = 0;
}

void traffic_block_begin() {
    sampling = is_sampled(launch.block);
    sampled += sampling;
}

void traffic_access(const Space& space, const Touch& touch) {
    if (!sampling || touch.bytes > 16) {
        return;
    }
    if (counts.size() <= touch.site) {
        counts.resize(touch.site + 1);
    }
    Counts& site = counts[touch.site];
    if (!site.met) {
        site.met = true;
        site.shared = space.shared;
        site.bytes = touch.bytes;
        site.by_warp.resize((launch.threads + LANES - 1) / LANES);
        site.runs.assign(launch.threads, 0);
    }
    std::vector<Request>& requests = site.by_warp[launch.thread / LANES];
    uint32_t run = site.runs[launch.thread]++;
    if (run >= requests.size()) {
        if (held >= MOST_REQUESTS) {
            cut++;
            return;
        }
        held++;
        requests.emplace_back();
    }
    int lane = launch.thread % LANES;
    requests[run].active |= 1u << lane;
    requests[run].address[lane] = (uintptr_t)touch.address;
}

void traffic_block_end() {
    for (size_t i = 1; i < counts.size(); i++) {
        count_requests(counts[i], is_atomic(sites[i].kind));
    }
    held = 0;
}

void traffic_end(bool complete) {
    for (size_t i = 1; i < counts.size(); i++) {
        const Counts& site = counts[i];
        if (site.requests > 0) {
            std::string what = members("\"space\": \"%s\", \"access\": \"%s\", \"size\": %d, ",
                                       site.shared ? "shared" : "global", name_of(sites[i].kind), site.bytes);
            std::string numbers = members(
                "\"requests\": %ld, \"lanes\": %ld, \"sectors\": %ld, \"lines\": %ld, \"wavefronts\": %ld",
                site.requests, site.lanes, site.sectors, site.lines, site.wavefronts);
            std::string place = place_of((uint32_t)i);
            report_line("\"kind\": \"traffic\", %s, %s%s", place.c_str(), what.c_str(), numbers.c_str());
        }
    }
    if (complete) {
        report_line("\"kind\": \"sample\", \"blocks\": %ld, \"of\": %ld, \"cut\": %ld", sampled,
                    launch.blocks, cut);
    }
}

}  // namespace simt
