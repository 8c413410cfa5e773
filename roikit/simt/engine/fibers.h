// The threads of a block.
//
// They take turns on one OS thread. A thread runs until it waits at a barrier or in a warp operation; then
// another one runs. As long as nobody waits, all of them run one after another on the same stack, as a plain
// loop would.
#pragma once
#include <stdint.h>

#include "engine.h"

namespace simt {

constexpr int MOST_THREADS = 1024;
constexpr int WARP = 32;
constexpr size_t STACK_BYTES = 256 << 10;

enum class State : unsigned char { NEW, RUNS, READY, AT_BARRIER, IN_WARP_OPERATION, CONVERGES, DONE };

struct Thread;

// What a lane gives and receives in a warp operation.
struct Exchange {
    void (*operation)(Thread* warp, unsigned met);  // hands the lanes that met their results
    uint64_t (*combine)(uint64_t, uint64_t);        // in a reduction
    unsigned lanes;                                 // the mask
    int source;                                     // in a shuffle
    uint64_t given;
    uint64_t received;
};

struct Thread {
    State state;
    int line;             // of the source, where it waits
    int stack;            // number of the stack it runs on
    void* stack_pointer;  // while it waits
    Exchange exchange;
};
extern Thread threads[MOST_THREADS];

enum class Order { FORWARD, REVERSE, RANDOM };

void prepare_threads(Order order, uint64_t seed);
void run_block();
long switches();  // of all blocks so far

// Called on a thread's own stack: it waits in this state until another thread wakes it.
void wait(State state, int line);
void wake(int thread);

// A thread of this warp returned, so others may have waited for it alone.
void lane_returned(int warp);
// Nobody can run: threads that wait in __activemask() learn who else does. False if there are none.
bool release_converging();
const char* operation_name(const Exchange& exchange);

}  // namespace simt
