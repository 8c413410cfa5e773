// What the compiler's own checks find (-fsanitize=bounds,signed-integer-overflow,...): they say the line, the
// functions here add the thread and the block. The structs are those that GCC and Clang pass.
#include <stdio.h>
#include <string.h>

#include <cmath>
#include <map>
#include <utility>

#include "check.h"

namespace {

struct Location {
    const char* file;
    uint32_t line;
    uint32_t column;
};

struct Type {
    uint16_t kind;  // 0 integer, 1 floating point
    uint16_t info;  // of an integer: twice the logarithm of its bits, plus 1 if it is signed; else: its bits
    char name[1];   // in quotes

    bool is_integer() const { return kind == 0; }
    int bits() const { return is_integer() ? 1 << (info >> 1) : info; }
    bool is_signed() const { return info & 1; }
    std::string shown() const { return std::string(name + 1, strlen(name) - 2); }
};

struct Place {
    Location location;
};
struct Operation {
    Location location;
    const Type* type;
};
struct Shift {
    Location location;
    const Type* value;
    const Type* count;
};
struct Index {
    Location location;
    const Type* array;
    const Type* index;
};
struct Cast {
    Location location;
    const Type* from;
    const Type* to;
};

using Value = uintptr_t;  // of up to 64 bits as it is, a larger one by address

std::string shown(const Type* type, Value value) {
    char text[64];
    if (type->bits() > 64) {
        return "a value";  // the value stands for its address
    }
    if (type->is_integer() && type->is_signed()) {
        int unused = 64 - type->bits();
        long long number = (long long)((uint64_t)value << unused) >> unused;
        snprintf(text, sizeof text, "%lld", number);
    } else if (type->is_integer()) {
        snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    } else if (type->bits() == 32) {
        float number;
        memcpy(&number, &value, sizeof number);
        snprintf(text, sizeof text, "%g", std::isnan(number) ? NAN : number);
    } else {
        double number;
        memcpy(&number, &value, sizeof number);
        snprintf(text, sizeof text, "%g", std::isnan(number) ? NAN : number);
    }
    return text;
}

const char* base_name(const char* path) {
    const char* slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// Places stand for sites: the same kind is reported once at each. They count down from the last number.
uint32_t number_of(const Location& location) {
    static std::map<std::pair<uint32_t, uint32_t>, uint32_t> numbers;
    auto found = numbers.emplace(std::make_pair(location.line, location.column), ~(uint32_t)numbers.size());
    return found.first->second;
}

std::string place(const Location& location) {
    return simt::members("\"file\": \"%s\", \"line\": %u", base_name(location.file), location.line);
}

void undefined(const Location& location, const std::string& what) {
    simt::keep("undefined", number_of(location), 0,
               place(location) + ", \"what\": \"" + what + "\", " + simt::runner());
}

void overflow(const Operation* at, Value left, const char* sign, Value right) {
    undefined(at->location, shown(at->type, left) + " " + sign + " " + shown(at->type, right) +
                                " does not fit into " + at->type->shown());
}

}  // namespace

extern "C" {

void __ubsan_handle_add_overflow(Operation* at, Value left, Value right) { overflow(at, left, "+", right); }
void __ubsan_handle_sub_overflow(Operation* at, Value left, Value right) { overflow(at, left, "-", right); }
void __ubsan_handle_mul_overflow(Operation* at, Value left, Value right) { overflow(at, left, "*", right); }

void __ubsan_handle_negate_overflow(Operation* at, Value value) {
    undefined(at->location, "-(" + shown(at->type, value) + ") does not fit into " + at->type->shown());
}

// The processor would stop at the division itself.
void __ubsan_handle_divrem_overflow(Operation* at, Value left, Value right) {
    std::string what = shown(at->type, left) + " / " + shown(at->type, right);
    simt::fail("undefined", "%s, \"what\": \"the quotient of %s does not exist\"",
               place(at->location).c_str(), what.c_str());
}

void __ubsan_handle_shift_out_of_bounds(Shift* at, Value value, Value count) {
    std::string bits = std::to_string(at->value->bits());
    undefined(at->location, "shifting " + shown(at->value, value) + " by " + shown(at->count, count) +
                                " in the " + bits + " bits of " + at->value->shown());
}

void __ubsan_handle_float_cast_overflow(Cast* at, Value value) {
    undefined(at->location, "the " + at->from->shown() + " " + shown(at->from, value) + " has no value in " +
                                at->to->shown());
}

void __ubsan_handle_out_of_bounds(Index* at, Value index) {
    simt::keep("out-of-bounds", number_of(at->location), 0,
               place(at->location) + ", \"index\": " + shown(at->index, index) + ", \"type\": \"" +
                   at->array->shown() + "\", " + simt::runner());
}

void __ubsan_handle_vla_bound_not_positive(Operation* at, Value bound) {
    undefined(at->location, "an array of " + shown(at->type, bound) + " elements");
}

void __ubsan_handle_missing_return(Place* at) {
    simt::fail("undefined", "%s, \"what\": \"the function ends here without returning a value\"",
               place(at->location).c_str());
}

}  // extern "C"
