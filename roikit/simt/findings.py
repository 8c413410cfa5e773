"""What a launch did wrong, in words: the sentences over the lines of its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: One line of the report, as engine/engine.h and the checker write it.
Record = Mapping[str, Any]
#: From a return address ("0x401234") to the file and the line of the kernel that called.
Place = Callable[[str], tuple[str, int]]
#: x, y and z of a thread or of a block.
Coordinates = tuple[int, int, int]

#: A kernel can do one thing wrong in many places; more than this nobody reads.
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Access:
    """The second access of a race, or the second barrier of two that threads wait at."""

    line: int
    thread: Coordinates
    block: Coordinates


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, with the first thread that did it.

    `line` is 0 where no line is to blame: an output that nothing wrote to.
    """

    kind: str
    sentence: str
    file: str
    line: int
    thread: Coordinates
    block: Coordinates
    array: str = ""
    other: Access | None = None


def read_findings(
    records: Iterable[Record], place: Place, filename: str
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings and the notes of a report, each kind once for the same lines."""
    findings: dict[tuple[str, int, int], Finding] = {}
    notes: dict[tuple[str, int, int], str] = {}
    for record in records:
        if record["kind"] not in SENTENCES:
            continue
        finding = _finding(_with_lines(record, place, filename))
        key = (finding.kind, finding.line, finding.other.line if finding.other else 0)
        if finding.kind in NOTES:
            notes.setdefault(key, finding.sentence)
        elif len(findings) < MOST_FINDINGS:
            findings.setdefault(key, finding)
    return tuple(findings.values()), tuple(notes.values())


def _with_lines(record: Record, place: Place, filename: str) -> dict[str, Any]:
    """The record with "file" and "line", also those of its "other", and a race's write first."""
    known = dict(record)
    if "pc" in known:
        known["file"], known["line"] = place(known["pc"])
    known.setdefault("file", filename)
    known.setdefault("line", 0)
    known.setdefault("block", (0, 0, 0))
    known.setdefault("thread", (0, 0, 0))
    if "other" not in known:
        return known
    other = _with_lines({"block": known["block"], **known["other"]}, place, filename)
    if known["kind"] not in BETWEEN_TWO or _rank(known) <= _rank(other):
        return {**known, "other": other}
    # The array and its element are the same for both; where and what differ.
    own = {name: known[name] for name in ("file", "line", "thread", "block", "access")}
    return {**known, **other, "other": own}


def _rank(access: Record) -> tuple[bool, int]:
    """Which of two accesses a sentence begins with: a write, then the upper line."""
    return access["access"] == "read", access["line"]


def _finding(known: Record) -> Finding:
    start = f"{known['file']}:{known['line']}" if known["line"] else known["file"]
    other = None
    if "other" in known:
        second = known["other"]
        other = Access(second["line"], _coordinates(second["thread"]), _coordinates(second["block"]))
    return Finding(
        kind=known["kind"],
        sentence=f"{start}: {SENTENCES[known['kind']](known)}",
        file=known["file"],
        line=known["line"],
        thread=_coordinates(known["thread"]),
        block=_coordinates(known["block"]),
        array=known.get("array", ""),
        other=other,
    )


def _coordinates(values: Iterable[int]) -> Coordinates:
    x, y, z = values
    return (x, y, z)


# ---- words


def _who(access: Record) -> str:
    return f"{_thread(access)} of {_block(access)}"


def _thread(access: Record) -> str:
    return "thread ({},{},{})".format(*access["thread"])


def _block(access: Record) -> str:
    return "block ({},{},{})".format(*access["block"])


def _variable(known: Record) -> str:
    """The array as the kernel's author calls it, with the memory it lies in."""
    name = known["array"]
    if known.get("space") != "shared":
        return name
    return f"__shared__ {name}" if name else "__shared__ memory"


def _element(known: Record) -> str:
    return f"{known['array'] or 'word '}[{known['index']}]"


VERBS = {"read": "reads", "write": "writes", "atomic": "does an atomic on"}


def _out_of_bounds(known: Record) -> str:
    if "type" in known:
        return f"index {known['index']} is outside of the array {known['type']}; {_who(known)} uses it"
    if "array" not in known:
        return f"{_who(known)} accesses the address {known['address']}, where no array is"
    verb = VERBS[known["access"]]
    ending = f"but {_variable(known)} has {_count(known['length'], 'element')}"
    if known.get("guard"):
        return (
            f"{_who(known)} {verb} {_element(known)}, {ending}: this thread has no element. "
            "Is a guard like `if (i < n)` missing?"
        )
    if known.get("space") == "shared" and known["length"] == 0:
        ending += ": a launch says how many bytes it has, by shared_mem="
    return f"out of bounds: {_who(known)} {verb} {_element(known)}, {ending}"


def _null_pointer(known: Record) -> str:
    return f"{_who(known)} {VERBS[known['access']]} memory through a null pointer"


def _race(known: Record) -> str:
    return f"race on {_two_accesses(known)}, and {_nothing_between(known, known['other'])}"


def _two_accesses(known: Record) -> str:
    other = known["other"]
    where = f"at line {other['line']}" if other["line"] != known["line"] else "on the same line"
    whose = _thread(other) if other["block"] == known["block"] else _who(other)
    return (
        f"{_variable(known)}: {_who(known)} {VERBS[known['access']]} {_element(known)} here, "
        f"{whose} {VERBS[other['access']]} it {where}"
    )


def _nothing_between(one: Record, other: Record) -> str:
    if one["block"] != other["block"]:
        return "nothing orders two blocks of a launch"
    return "no __syncthreads() lies between"


def _same_value(known: Record) -> str:
    return f"{_two_accesses(known)} with the same value: a race by the letter, which changes no result"


def _read_beside_cas(known: Record) -> str:
    return f"{_two_accesses(known)}: usual before atomicCAS, which reads again"


def _uninitialised(known: Record) -> str:
    if known["space"] == "shared":
        return f"{_who(known)} reads __shared__ {_element(known)}, which no thread of the block has written"
    return f"{_who(known)} reads {_element(known)}, which nothing has written"


def _unwritten(known: Record) -> str:
    count, length = known["count"], known["length"]
    if count == length:
        return f"nothing was written to {known['array']}"
    were = "was" if count == 1 else "were"
    first = f"first {_element(known)}" if count > 1 else _element(known)
    return (
        f"{count} of the {_count(length, 'element')} of {known['array']} {were} never written: {first}; "
        "this line writes others"
    )


def _read_only(known: Record) -> str:
    return f"{_who(known)} writes to {known['array']}, which is an input: its pointer is const"


def _misaligned(known: Record) -> str:
    size = known["bytes"]
    return (
        f"{_who(known)} {VERBS[known['access']]} {size} bytes at byte {known['byte']} of {_variable(known)}, "
        f"which is not a multiple of {size}"
    )


def _undefined(known: Record) -> str:
    return f"{known['what']}, in {_who(known)}"


def _divergent_barrier(known: Record) -> str:
    other = known["other"]
    return (
        f"{_who(known)} waits at this __syncthreads(), while {_thread(other)} waits at the one of line "
        f"{other['line']}: all threads of a block must meet at the same"
    )


def _early_exit(known: Record) -> str:
    ended = _count(known["count"], "thread")
    return (
        f"{ended} had ended when the others of {_block(known)} met at this barrier, which waits for none of "
        "them: does it stand in a branch, or behind a return?"
    )


def _deadlock(known: Record) -> str:
    return f"{_who(known)} waits in a warp operation for lanes that never come to it"


def _warp_mask(known: Record) -> str:
    mask = f"0x{known['mask']:08x}"
    return f"{_who(known)} calls a warp operation with the mask {mask}, which leaves out itself"


def _absent_lane(known: Record) -> str:
    return (
        f"{_who(known)} takes a value from lane {known['source']} of its warp, which is not in the mask of "
        "this shuffle or has returned: the value may be anything"
    )


def _segfault(known: Record) -> str:
    near = f", near {known['array']}" if known.get("array") else ""
    return f"{_who(known)} accesses the address {known['address']}, where no array is{near}"


def _stack_overflow(known: Record) -> str:
    return f"{_who(known)} needs more than the {known['limit']} bytes of stack that a thread has"


def _division(known: Record) -> str:
    return f"{_who(known)} divides an integer by 0, or the smallest one by -1"


def _assertion(known: Record) -> str:
    return f"{_who(known)}: the assertion failed"


def _trap(known: Record) -> str:
    return f"{_who(known)} called __trap()"


def _memory(known: Record) -> str:
    return f"the launch needs more than the {known['limit']} bytes of memory that it may take"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


#: What is said of each kind.
SENTENCES: dict[str, Callable[[Record], str]] = {
    "out-of-bounds": _out_of_bounds,
    "null-pointer": _null_pointer,
    "race": _race,
    "same-value": _same_value,
    "read-beside-cas": _read_beside_cas,
    "divergent-barrier": _divergent_barrier,
    "early-exit": _early_exit,
    "uninitialised": _uninitialised,
    "unwritten": _unwritten,
    "read-only": _read_only,
    "misaligned": _misaligned,
    "warp-mask": _warp_mask,
    "deadlock": _deadlock,
    "undefined": _undefined,
    "absent-lane": _absent_lane,
    "segfault": _segfault,
    "stack-overflow": _stack_overflow,
    "division": _division,
    "assertion": _assertion,
    "trap": _trap,
    "memory": _memory,
}
#: What a GPU makes nothing of: told, but no fault.
NOTES = frozenset({"same-value", "read-beside-cas", "early-exit"})
#: Kinds whose two accesses have no order.
BETWEEN_TWO = frozenset({"race", "same-value", "read-beside-cas"})
