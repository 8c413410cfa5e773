// One launch: reads the case, runs the grid block by block, leaves the arrays and the report behind.
//
//   program describe             prints the kernel's parameters and the bytes of its static shared memory
//   program CASE REPORT          runs the launch in the file CASE; its arrays are changed in that file
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../language/runtime.h"
#include "case.h"
#include "driver.h"
#include "fibers.h"
#include "parameter.h"

// The linker's names for where the program begins and ends.
extern "C" char __executable_start[], _end[];

// The kernel's text sees these as const: each thread finds its own values, and they never change under it.
simt::Coordinates threadIdx, blockIdx, blockDim, gridDim;

namespace simt {

Launch launch = {};
void** argument_values;
long memory_limit;
alignas(256) char dynamic_shared_memory[MOST_DYNAMIC_SHARED];

namespace {

constexpr size_t PAGE = 64 << 10;  // the largest page of the processors this runs on

char* case_begin;
int case_file;

// The linker collects all thread_local variables of the program, which are the __shared__ ones, in one
// segment.
int find_static_shared(dl_phdr_info* object, size_t, void*) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type != PT_TLS) continue;
        launch.static_shared = {static_cast<char*>(object->dlpi_tls_data), object->dlpi_phdr[i].p_memsz};
    }
    return 1;  // the program itself comes first; the libraries' variables are no concern
}

int describe_kernel() {
    const Parameter* parameters;
    int count = kernel_parameters(&parameters);
    printf("%zu\n", launch.static_shared.bytes);
    for (int i = 0; i < count; i++) {
        const Parameter& p = parameters[i];
        printf("%d\t%d\t%c\t%d\t%s\t%s\n", p.pointer, p.constant, char(p.kind), p.bytes, p.type, p.element);
    }
    return fflush(stdout);
}

void give_up(const char* what) {
    perror(what);
    _exit(71);
}

void map_case(const char* path) {
    case_file = open(path, O_RDWR);
    if (case_file < 0) give_up(path);
    off_t bytes = lseek(case_file, 0, SEEK_END);
    void* memory = mmap(nullptr, size_t(bytes), PROT_READ, MAP_PRIVATE, case_file, 0);
    if (memory == MAP_FAILED) give_up(path);
    case_begin = static_cast<char*>(memory);
}

// An array's memory is its part of the case file. What the kernel writes behind a pointer to const never gets
// there. In mode "fast" such a write is a fault; a checker sees it before it happens. On both sides lies as
// much again that nothing may touch: an index into an image that is not there leads to no other array.
char* map_array(const CaseArgument& argument) {
    size_t bytes = (argument.bytes + PAGE - 1) / PAGE * PAGE;
    size_t gap = bytes + PAGE;
    void* room =
        mmap(nullptr, gap + bytes + gap, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) give_up("mmap");
    char* memory = static_cast<char*>(room) + gap;
    if (bytes == 0) return memory;
    bool writable = argument.writable || launch_begin != nullptr;
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    int sharing = argument.writable ? MAP_SHARED : MAP_PRIVATE;
    if (mmap(memory, bytes, protection, sharing | MAP_FIXED, case_file, argument.offset) == MAP_FAILED)
        give_up("mmap");
    return memory;
}

void read_arguments(const CaseHeader& header, const CaseArgument* given) {
    argument_values = static_cast<void**>(calloc(header.arguments + 1, sizeof(void*)));
    launch.arrays = static_cast<Array*>(calloc(header.arguments + 1, sizeof(Array)));
    for (int i = 0; i < header.arguments; i++) {
        if (given[i].what == CaseArgument::VALUE) {
            argument_values[i] = aligned_alloc(64, (given[i].bytes + 63) / 64 * 64);
            memcpy(argument_values[i], case_begin + given[i].offset, given[i].bytes);
            continue;
        }
        char** pointer = static_cast<char**>(calloc(1, sizeof(char*)));
        argument_values[i] = pointer;
        if (given[i].what == CaseArgument::NULL_POINTER) continue;
        if (given[i].what == CaseArgument::SAME_ARRAY) {
            *pointer = *static_cast<char**>(argument_values[given[i].offset]);
            continue;
        }
        *pointer = map_array(given[i]);
        Array& array = launch.arrays[launch.array_count++];
        array = {{*pointer, given[i].bytes}, given[i].element,          i,
                 given[i].writable != 0,     given[i].initialised != 0, {}};
        memcpy(array.name, given[i].name, sizeof array.name);
    }
}

void read_shared(const CaseHeader& header, const CaseVariable* given) {
    launch.shared = static_cast<Array*>(calloc(header.shared_variables + 1, sizeof(Array)));
    launch.guards = static_cast<Range*>(calloc(header.shared_variables + 1, sizeof(Range)));
    for (int i = 0; i < header.shared_variables; i++) {
        Range memory = {launch.static_shared.begin + given[i].offset, given[i].bytes};
        if (given[i].name[0] == 0) {
            launch.guards[launch.guard_count++] = memory;
            continue;
        }
        Array& array = launch.shared[launch.shared_count++];
        array = {memory, 0, -1, true, false, {}};
        memcpy(array.name, given[i].name, sizeof array.name);
    }
    launch.dynamic_shared = {{dynamic_shared_memory, size_t(header.dynamic_shared)}, 0, -1, true, false, {}};
    memcpy(launch.dynamic_shared.name, header.dynamic_shared_name, sizeof header.dynamic_shared_name);
}

void limit_memory(long bytes) {
    memory_limit = bytes;
    long used = 0;  // pages that are mapped already: the program, its libraries, the arrays
    FILE* pages = fopen("/proc/self/statm", "r");
    if (pages == nullptr || fscanf(pages, "%ld", &used) != 1) used = 0;
    if (pages != nullptr) fclose(pages);
    rlim_t limit = rlim_t(used) * rlim_t(sysconf(_SC_PAGESIZE)) + rlim_t(bytes);
    rlimit limits = {limit, limit};
    setrlimit(RLIMIT_AS, &limits);
    rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

// The blocks in another order: from `start`, every `step`-th, round and round; the two have no common
// divisor.
struct BlockOrder {
    long start, step;
};

long common_divisor(long a, long b) { return b == 0 ? a : common_divisor(b, a % b); }

BlockOrder order_of_blocks(Order order, long blocks, uint64_t seed) {
    if (order == Order::FORWARD) return {0, 1};
    if (order == Order::REVERSE) return {blocks - 1, blocks - 1};
    long step = long((seed * 2654435761u + 40503u) % uint64_t(blocks)) | 1;
    while (common_divisor(blocks, step) != 1) step++;
    return {long(seed % uint64_t(blocks)), step % blocks};
}

void run_grid(BlockOrder order) {
    long block = order.start;
    for (long i = 0; i < launch.blocks; i++) {
        launch.block = block;
        blockIdx = block_coordinates(block);
        if (launch.static_shared.bytes > 0)
            memset(launch.static_shared.begin, 0xff, launch.static_shared.bytes);
        memset(dynamic_shared_memory, 0xff, launch.dynamic_shared.memory.bytes);
        if (block_begin) block_begin();
        run_block();
        if (block_end) block_end();
        block = long((unsigned long)(block) + (unsigned long)(order.step)) % launch.blocks;
    }
    launch.block = -1;
}

void run_launch(const char* case_path, const char* report_path) {
    launch.block = -1;
    launch.globals = {__executable_start, size_t(_end - __executable_start)};
    open_report(report_path);
    map_case(case_path);
    const CaseHeader& header = *reinterpret_cast<const CaseHeader*>(case_begin);
    const auto* arguments = reinterpret_cast<const CaseArgument*>(&header + 1);
    gridDim = {header.grid[0], header.grid[1], header.grid[2]};
    blockDim = {header.block[0], header.block[1], header.block[2]};
    launch.threads = int(blockDim.x * blockDim.y * blockDim.z);
    launch.blocks = long(gridDim.x) * gridDim.y * gridDim.z;
    read_arguments(header, arguments);
    read_shared(header, reinterpret_cast<const CaseVariable*>(arguments + header.arguments));
    catch_faults(header.seconds);
    prepare_threads(Order(header.order), header.seed);
    limit_memory(header.memory);
    if (launch_begin) launch_begin();
    uint64_t begin = clock();
    run_grid(order_of_blocks(Order(header.order), launch.blocks, header.seed));
    uint64_t end = clock();
    report_early_exits();
    if (launch_end) launch_end();
    report_line("\"kind\": \"end\", \"seconds\": %.6f, \"threads\": %ld, \"switches\": %ld",
                double(end - begin) * 1e-9, launch.blocks * launch.threads, switches());
    close_report();
}

}  // namespace

void become(int thread) {
    launch.thread = thread;
    threadIdx = thread_coordinates(thread);
}

Coordinates thread_coordinates(int thread) {
    unsigned t = unsigned(thread);
    return {t % blockDim.x, t / blockDim.x % blockDim.y, t / (blockDim.x * blockDim.y)};
}

Coordinates block_coordinates(long block) {
    return {unsigned(block % gridDim.x), unsigned(block / gridDim.x % gridDim.y),
            unsigned(block / (long(gridDim.x) * gridDim.y))};
}

}  // namespace simt

int main(int count, char** words) {
    dl_iterate_phdr(simt::find_static_shared, nullptr);
    if (count == 2 && strcmp(words[1], "describe") == 0) return simt::describe_kernel();
    if (count != 3) return 71;
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // no launch outlives whoever asked for it
    simt::run_launch(words[1], words[2]);
    _exit(0);  // the kernel's own variables may have destructors; they belong to no thread
}
