// The threads of a block take turns, and meet at __syncthreads().
#include "fibers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../language/runtime.h"
#include "driver.h"
#include "parameter.h"
#include "switch.h"

namespace simt {

Thread threads[MOST_THREADS];

namespace {

int turns[MOST_THREADS];  // the threads in the order in which they run
int started;              // so many of them have
int finished;

// Threads that may go on, first come, first served; each is in it at most once.
int ready[MOST_THREADS];
int ready_first;
int ready_count;

void* scheduler_stack;
int current_stack;
int free_stacks[MOST_THREADS];
int free_stack_count;
bool guarded[MOST_THREADS];

Order order;
uint64_t random_state;
long switch_count;

uint64_t random_number() {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 33;
}

void shuffle_turns() {
    for (int i = launch.threads - 1; i > 0; i--) {
        int j = int(random_number() % uint64_t(i + 1));
        int turn = turns[i];
        turns[i] = turns[j];
        turns[j] = turn;
    }
}

char* stack_begin(int stack) { return launch.stacks.begin + size_t(stack) * STACK_BYTES; }

// A stack with a page below it that nobody may touch.
int take_stack() {
    int stack = free_stacks[--free_stack_count];
    if (!guarded[stack]) {
        mprotect(stack_begin(stack), 4096, PROT_NONE);
        guarded[stack] = true;
    }
    return stack;
}

void enter(int stack, void* stack_pointer) {
    current_stack = stack;
    switch_count++;
    simt_switch(&scheduler_stack, stack_pointer);
}

// Runs threads one after another on one stack, until one of them waits: the stack is then that thread's, and
// the scheduler goes on with the next thread on another one.
void run_threads() {
    while (started < launch.threads) {
        int thread = turns[started++];
        threads[thread].state = State::RUNS;
        threads[thread].stack = current_stack;
        become(thread);
        call_kernel(argument_values);
        thread =
            launch.thread;  // the stack may have been left and entered again, the local variable is the same
        threads[thread].state = State::DONE;
        finished++;
        lane_returned(thread / WARP);
    }
    free_stacks[free_stack_count++] = current_stack;
    void* never_again;
    simt_switch(&never_again, scheduler_stack);
    abort();
}

// All threads that have not returned wait at a barrier or for good.
void release_barrier() {
    int first = -1;
    for (int i = 0; i < launch.threads; i++) {
        int thread = turns[i];
        if (threads[thread].state == State::IN_WARP_OPERATION) {
            become(thread);
            fail("deadlock", "\"line\": %d, \"operation\": \"%s\"", threads[thread].line,
                 operation_name(threads[thread].exchange));
        }
        if (threads[thread].state != State::AT_BARRIER) continue;
        if (first < 0) first = thread;
        if (threads[thread].line != threads[first].line) {
            become(thread);
            Coordinates other = thread_coordinates(first);
            fail("divergent-barrier", "\"line\": %d, \"other\": {\"line\": %d, \"thread\": [%u,%u,%u]}",
                 threads[thread].line, threads[first].line, other.x, other.y, other.z);
        }
    }
    if (finished > 0) note_early_exit(threads[first].line, finished);
    launch.epoch++;
    for (int i = 0; i < launch.threads; i++) {
        if (threads[turns[i]].state == State::AT_BARRIER) wake(turns[i]);
    }
}

}  // namespace

void prepare_threads(Order wanted, uint64_t seed) {
    order = wanted;
    random_state = seed * 2 + 1;
    for (int i = 0; i < launch.threads; i++) {
        turns[i] = order == Order::REVERSE ? launch.threads - 1 - i : i;
        free_stacks[i] = launch.threads - 1 - i;
    }
    free_stack_count = launch.threads;
    size_t bytes = size_t(launch.threads) * STACK_BYTES;
    void* memory =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) fail("memory", "\"limit\": %ld", memory_limit);
    launch.stacks = {static_cast<char*>(memory), bytes};
}

long switches() { return switch_count; }

void run_block() {
    started = finished = 0;
    ready_first = ready_count = 0;
    launch.epoch = 0;
    for (int i = 0; i < launch.threads; i++) threads[i].state = State::NEW;
    if (order == Order::RANDOM) shuffle_turns();
    while (finished < launch.threads) {
        if (started < launch.threads) {
            int stack = take_stack();
            // Stacks start at different offsets: equal ones would compete for the same lines of the cache.
            char* top = stack_begin(stack) + STACK_BYTES - (stack % 64) * 64;
            enter(stack, fresh_stack(top, run_threads));
        } else if (ready_count > 0) {
            int thread = ready[ready_first];
            ready_first = (ready_first + 1) % MOST_THREADS;
            ready_count--;
            threads[thread].state = State::RUNS;
            become(thread);
            enter(threads[thread].stack, threads[thread].stack_pointer);
        } else if (!release_converging()) {
            release_barrier();
        }
    }
}

void wait(State state, int line) {
    Thread& self = threads[launch.thread];
    self.state = state;
    self.line = line;
    simt_switch(&self.stack_pointer, scheduler_stack);
}

void wake(int thread) {
    threads[thread].state = State::READY;
    ready[(ready_first + ready_count) % MOST_THREADS] = thread;
    ready_count++;
}

void block_barrier(Line line) { wait(State::AT_BARRIER, line); }

int block_vote(bool predicate, Vote vote, Line line) {
    // Two counts in turn: a thread may reach the next vote before another has read this one's.
    static struct {
        int epoch = -1;
        long block = -1;
        int threads, agreeing;
    } votes[2];
    auto& mine = votes[launch.epoch & 1];
    if (mine.epoch != launch.epoch || mine.block != launch.block) mine = {launch.epoch, launch.block, 0, 0};
    mine.threads++;
    mine.agreeing += predicate;
    wait(State::AT_BARRIER, line);
    if (vote == Vote::COUNT) return mine.agreeing;
    return vote == Vote::ALL ? mine.agreeing == mine.threads : mine.agreeing > 0;
}

}  // namespace simt
