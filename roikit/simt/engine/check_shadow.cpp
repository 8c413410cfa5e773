// What each word of memory went through: its last accesses, and which of its bytes were written.
//
// A race is two accesses by different threads of which one writes, with nothing between to order them. It is
// found in whatever order the threads run. Two kinds are told as notes, because a GPU makes nothing of them:
// writes of the same value, and the plain read that begins a loop around atomicCAS.
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <map>
#include <new>
#include <set>
#include <tuple>

#include "check.h"

namespace simt {

const size_t WORD = 4;

// An access as a word remembers it; all zero is none.
struct Past {
    int block;   // number in the grid plus 1
    int epoch;   // barriers the block had passed
    int step;    // meetings with its warp that the thread had passed
    uint32_t site;
    uint16_t thread;
    uint8_t bytes;  // which of the word's four: a bit each
    uint8_t atomic;
};

// The history of a word. Two reads, of different threads, are enough in a block: whoever writes later is
// another than one of them. So are two writes, which may be atomics of any number of threads. The first ones
// stand for all blocks before this.
struct Cell {
    Past first_write;
    Past write;
    Past write_before;
    Past first_read;
    Past read;
    Past read_before;
    uint8_t written;  // bytes: a bit each
};

namespace {

// A second write to a word that an unordered write holds. Whether both write the same value is known once the
// value stands in memory: at the next access.
struct Waiting {
    bool active = false;
    const char* address;
    int bytes;
    char first_value[16];
    uint32_t first;
    uint32_t second;
    std::string text;
} waiting;

// A plain read beside an atomic: a race, but for the read that begins a loop around atomicCAS.
struct Mixed {
    uint32_t read;
    uint32_t atomic;
    bool operator<(const Mixed& other) const {
        return std::tie(read, atomic) < std::tie(other.read, other.atomic);
    }
};
std::map<Mixed, std::string> mixed;
std::set<uint32_t> reads_before_cas;

// Reads of what nobody had written yet that took part in a race: the race is the reason.
std::set<uint32_t> racing_reads;

Past past_of(const Touch& touch, uint8_t bytes) {
    return {(int)launch.block + 1, launch.epoch, lane_step(), touch.site, (uint16_t)launch.thread, bytes,
            (uint8_t)touch.atomic()};
}

bool is_ordered(const Past& past) {
    if (past.block != launch.block + 1) {
        return knows_block(past.block - 1);
    }
    return past.thread == launch.thread || past.epoch != launch.epoch || knows_step(past.thread, past.step);
}

std::string race_text(const Space& space, const Touch& touch, const Past& past, const char* past_access) {
    std::string other = place_of(past.site) + ", \"access\": \"" + past_access + "\", ";
    return described(space, touch) + ", \"other\": {" + other + who(past.thread, past.block - 1) + "}";
}

void report_race(const Space& space, const Touch& touch, const Past& past, bool past_wrote) {
    uint32_t first = std::min(touch.site, past.site);
    uint32_t second = std::max(touch.site, past.site);
    if (kept("race", first, second)) {
        return;
    }
    std::string text = race_text(space, touch, past, past.atomic ? "atomic" : past_wrote ? "write" : "read");
    if (past_wrote && touch.kind == WRITE && !past.atomic && touch.bytes <= 16) {
        waiting.active = true;
        waiting.address = touch.address;
        waiting.bytes = touch.bytes;
        memcpy(waiting.first_value, touch.address, touch.bytes);
        waiting.first = first;
        waiting.second = second;
        waiting.text = text;
        return;
    }
    if (past.atomic && !touch.writes()) {
        mixed.emplace(Mixed{touch.site, past.site}, text);
        return;
    }
    if (touch.atomic() && !past_wrote) {
        mixed.emplace(Mixed{past.site, touch.site}, text);
        return;
    }
    if (!past_wrote || !touch.writes()) {
        racing_reads.insert(past_wrote ? touch.site : past.site);
    }
    keep("race", first, second, text);
}

// The reads of this word that the thread did before its atomicCAS.
void note_compare_and_swap(const Cell& cell) {
    for (const Past* past : {&cell.read, &cell.read_before}) {
        if (past->block == launch.block + 1 && past->thread == launch.thread) {
            reads_before_cas.insert(past->site);
        }
    }
}

void check_races(Space& space, const Touch& touch, const Cell& cell, uint8_t bytes) {
    for (const Past* past : {&cell.first_write, &cell.write, &cell.write_before}) {
        bool both_atomic = touch.atomic() && past->atomic;
        if (past->block != 0 && (past->bytes & bytes) && !both_atomic && !is_ordered(*past)) {
            report_race(space, touch, *past, true);
        }
    }
    if (!touch.writes()) {
        return;
    }
    for (const Past* past : {&cell.first_read, &cell.read, &cell.read_before}) {
        if (past->block != 0 && (past->bytes & bytes) && !is_ordered(*past)) {
            report_race(space, touch, *past, false);
        }
    }
}

void remember_read(Cell& cell, const Past& now) {
    if (cell.first_read.block == 0) {
        cell.first_read = now;
    }
    bool same_thread = cell.read.block == now.block && cell.read.thread == now.thread;
    bool same_warp = cell.read.block == now.block && cell.read.thread / 32 == now.thread / 32;
    bool other_warp_before = cell.read_before.block == now.block && cell.read_before.epoch == now.epoch &&
                             cell.read_before.thread / 32 != now.thread / 32;
    if (!same_thread && !(same_warp && other_warp_before)) {
        cell.read_before = cell.read;
    }
    cell.read = now;
}

void remember_write(Cell& cell, const Past& now) {
    if (cell.first_write.block == 0) {
        cell.first_write = now;
    }
    if (cell.write.block != now.block || cell.write.thread != now.thread) {
        cell.write_before = cell.write;
    }
    cell.write = now;
}

void access_word(Space& space, const Touch& touch, Cell& cell, uint8_t bytes) {
    bool here = cell.write.block == launch.block + 1 || cell.read.block == launch.block + 1;
    if (space.shared && !here) {
        cell = Cell();  // shared memory begins anew with each block
    }
    if (touch.reads() && !space.array.initialised && (cell.written & bytes) != bytes) {
        keep("uninitialised", touch.site, 0, described(space, touch));
    }
    check_races(space, touch, cell, bytes);
    Past now = past_of(touch, bytes);
    if (touch.kind == COMPARE_AND_SWAP) {
        note_compare_and_swap(cell);
    }
    if (!touch.writes()) {
        remember_read(cell, now);
        return;
    }
    remember_write(cell, now);
    cell.written |= bytes;
}

// All zero; pages of them that no access touches take no memory.
Cell* new_cells(size_t count) {
    void* cells = calloc(count, sizeof(Cell));
    if (!cells) {
        std::get_new_handler()();  // says how much was allowed
    }
    return static_cast<Cell*>(cells);
}

// Elements of an output that no thread wrote.
void report_unwritten(const Space& space) {
    const Array& array = space.array;
    int element = array.element;
    long long first = -1;
    long long count = 0;
    for (size_t begin = 0; begin + element <= array.memory.bytes; begin += element) {
        bool complete = space.cells != nullptr;
        for (size_t byte = begin; complete && byte < begin + element; byte++) {
            complete = space.cells[byte / WORD].written >> (byte % WORD) & 1;
        }
        if (!complete) {
            first = first < 0 ? (long long)(begin / element) : first;
            count++;
        }
    }
    if (count == 0) {
        return;
    }
    std::string place = space.write_site ? place_of(space.write_site) + ", " : "";
    keep("unwritten", (uint32_t)array.argument, 0,
         place + members("\"array\": \"%s\", \"index\": %lld, \"count\": %lld, \"length\": %lld", array.name,
                         first, count, (long long)(array.memory.bytes / element)));
}

}  // namespace

void shadow_begin() {
    waiting.active = false;
    mixed.clear();
    reads_before_cas.clear();
    racing_reads.clear();
}

void shadow_access(Space& space, const Touch& touch) {
    if (!space.array.writable) {
        return;  // what nobody may write needs no history
    }
    if (!space.cells) {
        space.cells = new_cells(space.array.memory.bytes / WORD + 1);
    }
    if (touch.atomic() && !space.shared) {
        order_atomic(touch.address);
    }
    size_t begin = touch.address - space.array.memory.begin;
    size_t end = begin + touch.bytes;
    for (size_t word = begin / WORD; word * WORD < end; word++) {
        size_t first = std::max(begin, word * WORD) - word * WORD;
        size_t last = std::min(end, (word + 1) * WORD) - word * WORD;
        uint8_t bytes = (uint8_t)((1 << last) - (1 << first));
        access_word(space, touch, space.cells[word], bytes);
    }
}

void shadow_settle() {
    if (!waiting.active) {
        return;
    }
    waiting.active = false;
    bool same = memcmp(waiting.first_value, waiting.address, waiting.bytes) == 0;
    keep(same ? "same-value" : "race", waiting.first, waiting.second, waiting.text);
}

void shadow_end(bool complete) {
    for (const auto& [pair, text] : mixed) {
        bool loop = reads_before_cas.count(pair.read) > 0;
        auto [first, second] = std::minmax(pair.read, pair.atomic);
        keep(loop ? "read-beside-cas" : "race", first, second, text);
        if (!loop) {
            racing_reads.insert(pair.read);
        }
    }
    for (uint32_t site : racing_reads) {
        drop("uninitialised", site);
    }
    for (const Space& space : spaces) {
        if (complete && !space.shared && space.array.writable && !space.array.initialised) {
            report_unwritten(space);
        }
    }
}

}  // namespace simt
