// Findings, each once, kept until the launch ends: a later one may explain an earlier one better.
#include <stdarg.h>
#include <stdio.h>

#include <algorithm>

#include "check.h"

namespace simt {
namespace {

const size_t MOST_KEPT = 100;

struct Finding {
    std::string kind;
    uint32_t first;
    uint32_t second;
    std::string text;
};
std::vector<Finding> findings;

}  // namespace

std::string members(const char* format, ...) {
    char text[512];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return text;
}

std::string place_of(uint32_t site) {
    return members("\"pc\": \"0x%llx\"", (unsigned long long)sites[site].pc);
}

std::string who(int thread, long block) {
    Coordinates t = thread_coordinates(thread);
    Coordinates b = block_coordinates(block);
    return members("\"thread\": [%u, %u, %u], \"block\": [%u, %u, %u]", t.x, t.y, t.z, b.x, b.y, b.z);
}

std::string runner() {
    return who(launch.thread, launch.block);
}

std::string target(const Space& space, const Touch& touch) {
    const Array& array = space.array;
    int element = space.element(touch.bytes);
    long long offset = (long long)(touch.address - array.memory.begin);
    long long index = offset >= 0 ? offset / element : -((-offset + element - 1) / element);
    long long length = (long long)(array.memory.bytes / element);
    return members("\"array\": \"%s\", \"space\": \"%s\", \"index\": %lld, \"length\": %lld, ", array.name,
                   space.shared ? "shared" : "global", index, length) +
           members("\"access\": \"%s\", \"bytes\": %d", name_of(touch.kind), touch.bytes);
}

std::string described(const Space& space, const Touch& touch) {
    return place_of(touch.site) + ", " + target(space, touch) + ", " + runner();
}

bool kept(const char* kind, uint32_t first, uint32_t second) {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.first == first && finding.second == second && finding.kind == kind;
    });
}

void keep(const char* kind, uint32_t first, uint32_t second, const std::string& text) {
    if (findings.size() < MOST_KEPT && !kept(kind, first, second)) {
        findings.push_back({kind, first, second, text});
    }
}

void drop(const char* kind, uint32_t site) {
    auto explained = [&](const Finding& finding) { return finding.first == site && finding.kind == kind; };
    findings.erase(std::remove_if(findings.begin(), findings.end(), explained), findings.end());
}

void write_findings() {
    for (const Finding& finding : findings) {
        report_line("\"kind\": \"%s\", %s", finding.kind.c_str(), finding.text.c_str());
    }
    findings.clear();
}

}  // namespace simt
