"""One launch: the case is written to a file, the program runs it, arrays and report are read back."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from roikit.simt.arguments import as_bytes, is_unwritten
from roikit.simt.build import Parameter, Program
from roikit.simt.errors import KernelCrash, KernelTimeout, LaunchError
from roikit.simt.findings import Place
from roikit.simt.processes import Run

# The structs of engine/case.h.
HEADER = struct.Struct("=3I3I4iQdq64s")
ARGUMENT = struct.Struct("=4iQq64s")
VARIABLE = struct.Struct("=QQ64s")
VALUE, ARRAY, NULL_POINTER, SAME_ARRAY = range(4)
ORDERS = ("forward", "reverse", "random")

#: Arrays begin at multiples of it in the file: no processor's page is larger.
PAGE = 64 << 10
#: The program ends itself in time; if it cannot, it is ended so much later.
GRACE_SECONDS = 3.0
MEMORY_BYTES = 2 << 30
#: What the checker remembers of each byte of the arrays.
CHECKER_BYTES = 40


@dataclass(frozen=True)
class Launch:
    """Everything about a launch but the program: checked, and ready to be written."""

    grid: tuple[int, int, int]
    block: tuple[int, int, int]
    args: tuple[Any, ...]
    shared_mem: int
    order: str
    timeout: float
    memory: int | None
    check: bool


@dataclass(frozen=True)
class Outcome:
    """What a launch left behind: the lines of its report, and what it printed."""

    records: tuple[dict[str, Any], ...]
    printed: str

    @property
    def end(self) -> dict[str, Any] | None:
        """The line that a launch writes which ran to its end."""
        return next((record for record in self.records if record["kind"] == "end"), None)


def launch(program: Program, wanted: Launch, run: Run, folder: Path | None, filename: str) -> Outcome:
    """Run `wanted`; the arrays of its arguments are changed in place."""
    slots = _slots(program.description.parameters, wanted.args)
    with _case_folder(folder, sum(slot.size for slot in slots)) as place:
        _write_case(place / "case", program, wanted, slots)
        (place / "report").unlink(missing_ok=True)  # of an earlier launch in this folder
        path = "./program" if folder is not None else str(program.path)
        try:
            done = run([path, "case", "report"], place, wanted.timeout + GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            late = f"{filename}: the kernel was not done after {wanted.timeout:g} seconds"
            raise KernelTimeout(late) from None
        records = _read_report(place / "report")
        outcome = Outcome(records, done.stdout)
        if outcome.end is not None:
            _read_arrays(place / "case", program, slots)
        elif not records:
            raise KernelCrash(
                f"{filename}: the kernel's program ended with status {done.returncode} and no report"
                + ("" if wanted.check else '; mode="check" may say why')
                + (f": {done.stderr[:1000].strip()}" if done.stderr.strip() else "")
            )
        return outcome


# ---- the case


@dataclass(frozen=True)
class _Slot:
    """An argument as the case file holds it."""

    what: int
    name: str
    array: np.ndarray[Any, Any] | None  # None: a null pointer
    element: int = 1
    writable: bool = False
    initialised: bool = True
    first: int = 0  # of the same array given twice: which argument holds it

    @property
    def size(self) -> int:
        return 0 if self.array is None or self.what == SAME_ARRAY else self.array.nbytes


def _slots(parameters: Sequence[Parameter], args: Sequence[Any]) -> list[_Slot]:
    slots: list[_Slot] = []
    for position, (parameter, value) in enumerate(zip(parameters, args, strict=True)):
        if not parameter.pointer:
            slots.append(_Slot(VALUE, parameter.name, np.array(value)))
        elif value is None:
            slots.append(_Slot(NULL_POINTER, parameter.name, None))
        else:
            twins = [i for i, other in enumerate(args[:position]) if _same_memory(other, value)]
            slots.append(
                _Slot(
                    SAME_ARRAY if twins else ARRAY,
                    parameter.name,
                    value,
                    element=parameter.size if parameter.kind != "x" else value.dtype.itemsize,
                    writable=any(
                        not p.const for p, v in zip(parameters, args, strict=True) if _same_memory(v, value)
                    ),
                    initialised=not is_unwritten(value),
                    first=twins[0] if twins else 0,
                )
            )
    _refuse_overlaps(slots)
    return slots


def _same_memory(one: Any, other: Any) -> bool:
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray) or other.nbytes == 0:
        return False
    return one.ctypes.data == other.ctypes.data and one.nbytes == other.nbytes


def _refuse_overlaps(slots: Sequence[_Slot]) -> None:
    """Arrays of which one is a part of another cannot lie in two places."""
    arrays = [(slot, slot.array) for slot in slots if slot.what == ARRAY and slot.array is not None]
    for i, (one, its_memory) in enumerate(arrays):
        for other, memory in arrays[:i]:
            if (one.writable or other.writable) and np.may_share_memory(memory, its_memory):
                raise LaunchError(
                    f"the arrays of {other.name} and {one.name} overlap, and the kernel may write to one"
                )


def _write_case(path: Path, program: Program, wanted: Launch, slots: Sequence[_Slot]) -> None:
    described = program.description
    order, _, seed = wanted.order.partition(":")
    size = sum(slot.size for slot in slots)
    memory = wanted.memory if wanted.memory is not None else MEMORY_BYTES
    header = HEADER.pack(
        *wanted.grid, *wanted.block, ORDERS.index(order), len(slots), len(described.variables),
        wanted.shared_mem, int(seed or 0), wanted.timeout,
        memory + (CHECKER_BYTES * size if wanted.check else 0), _name(described.dynamic_shared_name),
    )  # fmt: skip
    table = _table_size(program, slots)
    offsets = _offsets(table, slots)
    with path.open("wb", buffering=0) as file:
        pieces = [header]
        for slot, offset in zip(slots, offsets, strict=True):
            pieces.append(
                ARGUMENT.pack(
                    slot.what, slot.element, slot.writable, slot.initialised, slot.size, offset,
                    _name(slot.name),
                )
            )
        for variable in described.variables:
            pieces.append(VARIABLE.pack(variable.offset, variable.size, _name(variable.name)))
        file.write(b"".join(pieces))
        for slot, offset in zip(slots, offsets, strict=True):
            if slot.size > 0:
                assert slot.array is not None
                file.seek(offset)
                _write_all(file, as_bytes(slot.array))
        ends = [offset + slot.size for slot, offset in zip(slots, offsets, strict=True)]
        file.truncate(max([table, *ends]) + PAGE)


def _table_size(program: Program, slots: Sequence[_Slot]) -> int:
    """Bytes of all that comes before the arguments' own."""
    return HEADER.size + ARGUMENT.size * len(slots) + VARIABLE.size * len(program.description.variables)


def _offsets(table: int, slots: Sequence[_Slot]) -> list[int]:
    """Where each argument's bytes lie in the file: values behind the table, arrays at pages."""
    offsets = []
    end = table
    for slot in slots:
        if slot.what == SAME_ARRAY:
            offsets.append(slot.first)
            continue
        step = PAGE if slot.what == ARRAY else 8
        end = -(-end // step) * step
        offsets.append(end)
        end += slot.size
    return offsets


def _write_all(file: Any, view: memoryview) -> None:
    """One call writes at most 2 GiB."""
    while len(view) > 0:
        view = view[file.write(view) :]


def _name(text: str) -> bytes:
    return text.encode("utf-8", "replace")[:63]


@contextmanager
def _case_folder(folder: Path | None, size: int) -> Iterator[Path]:
    """Where the case lies: in memory if there is room, which saves writing the arrays to a disk."""
    if folder is not None:
        yield folder
        return
    memory = _roomy_memory(size)
    if memory is not None:
        _sweep(memory)
    with tempfile.TemporaryDirectory(prefix=f"roikit-simt-{os.getpid()}-", dir=memory) as name:
        yield Path(name)


@functools.cache
def _sweep(memory: str) -> None:
    """Once: what processes that were killed in a launch left there."""
    for path in Path(memory).glob("roikit-simt-*"):
        owner = re.match(r"roikit-simt-(\d+)-", path.name)
        if owner and not Path("/proc", owner[1]).exists():
            shutil.rmtree(path, ignore_errors=True)


def _roomy_memory(size: int) -> str | None:
    shared = "/dev/shm"
    if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 2 * size + (64 << 20):
        return shared
    return None


# ---- what comes back


def _read_report(path: Path) -> tuple[dict[str, Any], ...]:
    """The report's lines; the last one may be cut short where the program was killed."""
    records = []
    if path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                break
    return tuple(records)


def _read_arrays(path: Path, program: Program, slots: Sequence[_Slot]) -> None:
    """From where they were written; what else the file says now is the kernel's doing."""
    offsets = _offsets(_table_size(program, slots), slots)
    with path.open("rb", buffering=0) as file:
        for slot, offset in zip(slots, offsets, strict=True):
            if slot.what == ARRAY and slot.writable and slot.size > 0:
                assert slot.array is not None
                file.seek(offset)
                _read_all(file, as_bytes(slot.array))


def _read_all(file: Any, view: memoryview) -> None:
    while len(view) > 0:
        count = file.readinto(view)
        if count == 0:
            raise KernelCrash("the kernel cut short the file that its arrays lie in")
        view = view[count:]


def places(program: Program, outcome: Outcome, run: Run, filename: str) -> Place:
    """The function that says which line of the kernel an address is at, for all addresses of a report."""
    found = re.findall(r'"pc": "(0x[0-9a-f]+)"', json.dumps(outcome.records))
    addresses = sorted(set(found))
    lines = _lines_at(program, addresses, run, filename) if addresses else {}
    return lambda address: lines.get(address, (filename, 0))


def _lines_at(
    program: Program, addresses: Sequence[str], run: Run, filename: str
) -> dict[str, tuple[str, int]]:
    """By addr2line: of the functions inlined at a place, the innermost of the kernel's own file."""
    # The address is where a call returns to; the call itself lies before it.
    calls = [hex(int(address, 16) - 1) for address in addresses]
    try:
        done = run(["addr2line", "-a", "-i", "-e", "program", *calls], program.folder, 60.0)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    lines = {}
    blocks = re.split(r"^0x[0-9a-f]+\n", done.stdout, flags=re.MULTILINE)[1:]
    for address, block in zip(addresses, blocks, strict=False):
        for found in re.finditer(r"^(.*):(\d+)(?: .*)?$", block, re.MULTILINE):
            if Path(found[1]).name == Path(filename).name:
                lines[address] = (filename, int(found[2]))
                break
    return lines
