// Warp operations: lanes wait until all lanes of their mask have come; the last one hands every lane its
// result.
#include "../language/runtime.h"
#include "fibers.h"

namespace simt {

namespace {

bool holds(unsigned lanes, int lane) { return (lanes >> lane & 1) != 0; }

Thread* warp_of(int thread) { return &threads[thread / WARP * WARP]; }

int lanes_of(const Thread* warp) {
    int first = int(warp - threads);
    return launch.threads - first < WARP ? launch.threads - first : WARP;
}

bool same_operation(const Exchange& a, const Exchange& b) {
    return a.operation == b.operation && a.combine == b.combine && a.lanes == b.lanes;
}

// The lanes that wait in this operation, or 0 if one that has not returned is still missing.
unsigned arrived(const Thread* warp, const Exchange& exchange) {
    unsigned met = 0;
    for (int lane = 0; lane < lanes_of(warp); lane++) {
        const Thread& thread = warp[lane];
        if (!holds(exchange.lanes, lane) || thread.state == State::DONE) continue;
        if (thread.state != State::IN_WARP_OPERATION || !same_operation(thread.exchange, exchange)) return 0;
        met |= 1u << lane;
    }
    return met;
}

void wake_lanes(const Thread* warp, unsigned lanes) {
    for (int lane = 0; lane < WARP; lane++) {
        if (holds(lanes, lane)) wake(int(warp - threads) + lane);
    }
}

uint64_t take_part(Exchange exchange, int line) {
    Thread& self = threads[launch.thread];
    Thread* warp = warp_of(launch.thread);
    if (!holds(exchange.lanes, lane())) fail("warp-mask", "\"line\": %d, \"mask\": %u", line, exchange.lanes);
    exchange.received = exchange.given;
    self.exchange = exchange;
    self.line = line;
    self.state = State::IN_WARP_OPERATION;
    unsigned met = arrived(warp, exchange);
    if (met == 0) {
        wait(State::IN_WARP_OPERATION, line);
    } else {
        exchange.operation(warp, met);
        self.state = State::RUNS;
        wake_lanes(warp, met & ~(1u << lane()));
    }
    return self.exchange.received;
}

// ---- what each operation hands out

void deliver_nothing(Thread* warp, unsigned met) {
    if (warp_met) warp_met(int(warp - threads) / WARP, met);
}

void deliver_shuffle(Thread* warp, unsigned met) {
    for (int lane = 0; lane < WARP; lane++) {
        if (!holds(met, lane)) continue;
        Exchange& exchange = warp[lane].exchange;
        if (holds(met, exchange.source)) {
            exchange.received = warp[exchange.source].exchange.given;
        } else if (source_absent) {
            source_absent(int(warp - threads) + lane, exchange.source, warp[lane].line);
        }
    }
}

void deliver_reduction(Thread* warp, unsigned met) {
    int first = __builtin_ctz(met);
    uint64_t total = warp[first].exchange.given;
    for (int lane = first + 1; lane < WARP; lane++) {
        const Exchange& exchange = warp[lane].exchange;
        if (holds(met, lane)) total = exchange.combine(total, exchange.given);
    }
    for (int lane = 0; lane < WARP; lane++) {
        if (holds(met, lane)) warp[lane].exchange.received = total;
    }
}

void deliver_match(Thread* warp, unsigned met) {
    for (int lane = 0; lane < WARP; lane++) {
        if (!holds(met, lane)) continue;
        unsigned same = 0;
        for (int other = 0; other < WARP; other++) {
            if (holds(met, other) && warp[other].exchange.given == warp[lane].exchange.given)
                same |= 1u << other;
        }
        warp[lane].exchange.received = same;
    }
}

}  // namespace

const char* operation_name(const Exchange& exchange) {
    if (exchange.operation == deliver_nothing) return "__syncwarp";
    if (exchange.operation == deliver_shuffle) return "shuffle";
    return exchange.operation == deliver_match ? "match" : "vote";
}

void lane_returned(int warp) {
    Thread* lanes = &threads[warp * WARP];
    for (int lane = 0; lane < lanes_of(lanes); lane++) {
        if (lanes[lane].state != State::IN_WARP_OPERATION) continue;
        unsigned met = arrived(lanes, lanes[lane].exchange);
        if (met == 0) continue;
        lanes[lane].exchange.operation(lanes, met);
        wake_lanes(lanes, met);
    }
}

bool release_converging() {
    bool any = false;
    for (int thread = 0; thread < launch.threads; thread++) {
        if (threads[thread].state != State::CONVERGES) continue;
        Thread* warp = warp_of(thread);
        int line = threads[thread].line;
        unsigned together = 0;
        for (int lane = 0; lane < lanes_of(warp); lane++) {
            if (warp[lane].state == State::CONVERGES && warp[lane].line == line) together |= 1u << lane;
        }
        for (int lane = 0; lane < lanes_of(warp); lane++) {
            if (holds(together, lane)) warp[lane].exchange.received = together;
        }
        wake_lanes(warp, together);
        any = true;
    }
    return any;
}

// ---- what a kernel calls

int lane() { return launch.thread % WARP; }

void warp_barrier(unsigned lanes, Line line) { take_part({deliver_nothing, nullptr, lanes, 0, 0, 0}, line); }

uint64_t warp_shuffle(unsigned lanes, uint64_t value, int source, Line line) {
    return take_part({deliver_shuffle, nullptr, lanes, source, value, 0}, line);
}

uint64_t warp_reduce(unsigned lanes, uint64_t value, Combine combine, Line line) {
    return take_part({deliver_reduction, combine, lanes, 0, value, 0}, line);
}

unsigned warp_match(unsigned lanes, uint64_t value, Line line) {
    return unsigned(take_part({deliver_match, nullptr, lanes, 0, value, 0}, line));
}

unsigned converged_lanes(Line line) {
    wait(State::CONVERGES, line);
    return unsigned(threads[launch.thread].exchange.received);
}

}  // namespace simt
